import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Seeded random streams. Every random decision draws from a stream that is named after what it decides, so that adding a
 * draw in one place changes nothing elsewhere. The generator is xoroshiro128+ (Blackman & Vigna 2018), seeded from a
 * FNV-1a hash of the seed and the names.
 */
export interface RandomStream {
  /** A float in [0, 1) with 24 bits. */
  readonly next: () => number;
  /** An integer in [0, bound); bound is a whole number from 1 to 2^32. */
  readonly int: (bound: number) => number;
  /** A draw from the standard normal distribution (Box-Muller, one value a call). */
  readonly normal: () => number;
  /** The state, to be stored in a checkpoint. */
  readonly save: () => readonly number[];
  /** Puts back a state that `save` returned. */
  readonly restore: (state: readonly number[]) => void;
}

function hashNames(seed: number, names: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const char of [seed, ...names].join('\u0000')) {
    hash ^= char.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193);
  }
  return hash | 0;
}

/** The stream of (seed, names): `stream(7, 'init', 3)`. The same arguments always give the same draws, on every machine. */
export function stream(seed: number, ...names: readonly (string | number)[]): RandomStream {
  let generator = xoroshiro128plus(hashNames(seed, names));
  const uint = (): number => generator.next() >>> 0;
  // The first outputs of near seeds are alike: step past them.
  for (let i = 0; i < 8; i++) uint();
  const next = (): number => (uint() >>> 8) / 0x1000000;
  return {
    next,
    int: (bound) => Math.floor((uint() / 0x100000000) * bound),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    save: () => generator.getState(),
    restore: (state) => {
      generator = xoroshiro128plusFromState(state);
    },
  };
}

/** The whole numbers 0 ... count-1 in random order (Fisher-Yates); empty for count 0. */
export function permutation(count: number, random: RandomStream): Uint32Array {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  for (let i = count - 1; i > 0; i--) {
    const j = random.int(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}
