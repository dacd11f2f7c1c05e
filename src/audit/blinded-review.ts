import { permutation, stream } from '#lib/random.ts';

/** Example indices of a blinded review: CIE and unmarked controls, in the order in which they are shown. */
export interface BlindedQueue {
  readonly order: Uint32Array;
  /** Which of `order` are CIE, ascending. */
  readonly cie: Uint32Array;
}

/**
 * Draws at most `most` of the CIE, and from the other examples of each class as many controls as CIE of that class were drawn
 * (fewer where there are not so many), all in one random order. The same seed gives the same queue. Empty without CIE.
 */
export function drawBlindedQueue(cies: Uint32Array, labels: Uint16Array, most: number, seed: number): BlindedQueue {
  const random = stream(seed, 'blinded-review');
  const cie = drawSome(cies, most, random).sort();
  const isCie = new Set(cies);
  const classes = new Map<number, number>();
  for (const x of cie) classes.set(labels[x]!, (classes.get(labels[x]!) ?? 0) + 1);
  const controls = [...classes]
    .sort(([a], [b]) => a - b)
    .flatMap(([code, wanted]) => {
      const others: number[] = [];
      for (let x = 0; x < labels.length; x++) if (labels[x] === code && !isCie.has(x)) others.push(x);
      return [...drawSome(Uint32Array.from(others), wanted, random)];
    });
  const both = Uint32Array.from([...cie, ...controls]);
  return { order: permutation(both.length, random).map((place) => both[place]!), cie };
}

function drawSome(from: Uint32Array, most: number, random: ReturnType<typeof stream>): Uint32Array {
  const count = Math.min(from.length, most);
  return permutation(from.length, random)
    .subarray(0, count)
    .map((place) => from[place]!);
}
