/**
 * Seeded random streams. Every random decision draws from a stream that is named after what it decides, so that adding a
 * draw in one place changes nothing elsewhere. The generator is xoshiro128** (Blackman & Vigna 2018), seeded through
 * SplitMix32 from a FNV-1a hash of the seed and the names.
 */
export interface RandomStream {
  /** A float in [0, 1) with 24 bits. */
  readonly next: () => number;
  /** An integer in [0, bound); bound is a whole number from 1 to 2^32. */
  readonly int: (bound: number) => number;
  /** A draw from the standard normal distribution (Box-Muller, one value a call). */
  readonly normal: () => number;
  /** The state as four uint32, to be stored in a checkpoint. */
  readonly save: () => readonly [number, number, number, number];
  /** Puts back a state that `save` returned. */
  readonly restore: (state: readonly [number, number, number, number]) => void;
}

function hashNames(seed: number, names: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const char of [seed, ...names].join('\u0000')) {
    hash ^= char.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** The stream of (seed, names): `stream(7, 'init', 3)`. The same arguments always give the same draws, on every machine. */
export function stream(seed: number, ...names: readonly (string | number)[]): RandomStream {
  let mix = hashNames(seed, names);
  const split = (): number => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix ^ (mix >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let [a, b, c, d] = [split(), split(), split(), split()];
  const uint = (): number => {
    const x = Math.imul(b, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const next = (): number => (uint() >>> 8) / 0x1000000;
  return {
    next,
    int: (bound) => Math.floor((uint() / 0x100000000) * bound),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    save: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
    restore: (state) => {
      [a, b, c, d] = state;
    },
  };
}

/** The whole numbers 0 ... count-1 in random order (Fisher-Yates); empty for count 0. */
export function permutation(count: number, random: RandomStream): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.int(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}
