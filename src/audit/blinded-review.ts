import { permutation, stream } from '#lib/random.ts';
import { NOT_ESTIMABLE, wilson } from './intervals.ts';
import type { Estimate } from './result.ts';
import { HARD_LABELS } from './review-labels.ts';

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

/** How often a label was given to CIE and to controls. */
export interface BlindedRow {
  /** A label id, or `hard` for any label that says the example is hard to judge. */
  readonly label: string;
  readonly cieCount: number;
  readonly controlCount: number;
  /** Shares of the examples that were reviewed, Wilson. */
  readonly cie: Estimate;
  readonly controls: Estimate;
  /** Share of CIE minus share of controls, Newcombe. */
  readonly difference: Estimate;
}
export interface BlindedResult {
  readonly cie: number; // reviewed
  readonly controls: number; // reviewed
  readonly rows: readonly BlindedRow[];
}

/**
 * The label mix of CIE against controls. `given` holds the label ids of every example that was reviewed; those without a
 * label are not in it and do not count. One row `hard`, then one a label, in the order of `labels`.
 */
export function compareBlinded(
  given: ReadonlyMap<string, readonly string[]>,
  cieIds: ReadonlySet<string>,
  labels: readonly string[],
): BlindedResult {
  const inside = [...given].filter(([id]) => cieIds.has(id)).map(([, own]) => own);
  const outside = [...given].filter(([id]) => !cieIds.has(id)).map(([, own]) => own);
  const row = (label: string, has: (own: readonly string[]) => boolean): BlindedRow => {
    const [cieCount, controlCount] = [inside.filter(has).length, outside.filter(has).length];
    return {
      label,
      cieCount,
      controlCount,
      cie: wilson(cieCount, inside.length),
      controls: wilson(controlCount, outside.length),
      difference: newcombe(cieCount, inside.length, controlCount, outside.length),
    };
  };
  return {
    cie: inside.length,
    controls: outside.length,
    rows: [
      row('hard', (own) => own.some((label) => HARD_LABELS.includes(label))),
      ...labels.map((label) => row(label, (own) => own.includes(label))),
    ],
  };
}

/**
 * Difference of two independent shares a/m - b/n with the hybrid score interval at 95 %: Newcombe, R. G. (1998), Interval
 * estimation for the difference between independent proportions, method 10. Null where m or n is 0.
 */
export function newcombe(a: number, m: number, b: number, n: number): Estimate {
  const [first, second] = [wilson(a, m), wilson(b, n)];
  if (first.value === null || second.value === null) return NOT_ESTIMABLE;
  const value = first.value - second.value;
  return {
    value,
    low: value - Math.hypot(first.value - first.low!, second.high! - second.value),
    high: value + Math.hypot(first.high! - first.value, second.value - second.low!),
  };
}
