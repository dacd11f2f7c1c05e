import { studentTails } from './distributions.ts';
import { NOT_ESTIMABLE, studentQuantile } from './intervals.ts';
import type { Estimate } from './result.ts';

/**
 * How sure is a mean over members and examples? Both are drawn: other seeds would give other members, another day other
 * examples. The errors e[k,x] of K members on n examples are a crossed layout, so the variance of their mean is that over
 * examples / n + that over members / K, less what both count twice: the two-way analysis of variance with random rows and
 * columns (Searle, Casella & McCulloch 1992, chapter 4). It is what a bootstrap that resamples members and examples at once
 * estimates (Owen 2007, "The pigeonhole bootstrap"), in closed form. Degrees of freedom after Satterthwaite (1946).
 */

/** The errors of one population in one group: sums of e[k,x], each 0 or 1. */
export interface ErrorSums {
  /** [member] over examples. */
  readonly perMember: ArrayLike<number>;
  /** Sum over examples of (sum over members)^2. */
  readonly squares: number;
}

/** One quantity with three 95 % intervals: were only the examples drawn, only the members, both. */
export interface Uncertain {
  readonly examples: Estimate;
  readonly members: Estimate;
  readonly both: Estimate;
}

/** A change between two populations, with the p-value of no change (both drawn); null where it cannot be tested. */
export interface UncertainChange extends Uncertain {
  readonly p: number | null;
}

/** The variances of a mean. */
interface Spread {
  readonly examples: number;
  readonly members: number;
  readonly both: number;
  /** Degrees of freedom of each. */
  readonly degrees: { readonly examples: number; readonly members: number; readonly both: number };
}

export const NOT_CERTAIN: UncertainChange = {
  examples: NOT_ESTIMABLE,
  members: NOT_ESTIMABLE,
  both: NOT_ESTIMABLE,
  p: null,
};

/**
 * The mean rate of one population over `n` examples with its intervals: Wilson's, with the number of examples that a simple
 * sample of the same variance would have, and Student's quantile in place of the normal one. Without any error (or with
 * nothing but errors) nothing varies: then Wilson's of n. An interval is null over members with one of them, over examples
 * with one of those. All null for n = 0 or no members.
 */
export function uncertainRate(sums: ErrorSums, n: number): Uncertain {
  const members = sums.perMember.length;
  if (n === 0 || members === 0) return NOT_CERTAIN;
  const rate = total(sums.perMember) / (n * members);
  const spread = spreadOf([{ sums, weight: 1 }], n, 0);
  const interval = (variance: number, degrees: number): Estimate => {
    if (degrees < 1) return { value: rate, low: null, high: null };
    const alike = rate * (1 - rate);
    const effective = alike > 0 && variance > 0 ? alike / variance : n;
    return score(rate, effective, studentQuantile(degrees));
  };
  return {
    examples: interval(spread.examples, spread.degrees.examples),
    members: interval(spread.members, spread.degrees.members),
    both: interval(spread.both, spread.degrees.both),
  };
}

/** The same for the share of those that are not counted: accuracy from error. */
export function complement({ examples, members, both }: Uncertain): Uncertain {
  const turned = ({ value, low, high }: Estimate): Estimate => ({
    value: value === null ? null : 1 - value,
    low: high === null ? null : 1 - high,
    high: low === null ? null : 1 - low,
  });
  return { examples: turned(examples), members: turned(members), both: turned(both) };
}

/**
 * The change of a rate from the baseline to a compressed population. `joint`: how often a pair of members (the same seed in
 * both populations, the same place in both `perMember`) are both wrong on an example; null where members are no pairs: then
 * the interval over both is a little too wide. `difference`: compressed - baseline, cut to [-1, 1]. `percent`: the normalized
 * difference 100 (compressed / baseline - 1), from the logarithm of the ratio, so that it lies above -100; not estimable
 * where the baseline has no error, without interval where the compressed population has none. No interval and no test where
 * nothing varies.
 */
export function uncertainChange(
  baseline: ErrorSums,
  compressed: ErrorSums,
  products: number, // sum over examples of (sum over baseline members) x (sum over compressed members)
  joint: number | null,
  n: number,
): { readonly difference: UncertainChange; readonly percent: UncertainChange } {
  if (n === 0 || baseline.perMember.length === 0 || compressed.perMember.length === 0)
    return { difference: NOT_CERTAIN, percent: NOT_CERTAIN };
  const before = total(baseline.perMember) / (n * baseline.perMember.length);
  const after = total(compressed.perMember) / (n * compressed.perMember.length);
  const contrast = (weightBefore: number, weightAfter: number): Spread =>
    spreadOf(
      [
        { sums: baseline, weight: -weightBefore },
        { sums: compressed, weight: weightAfter },
      ],
      n,
      products,
      joint,
    );
  const difference = around(after - before, contrast(1, 1), (centre, half) => [
    Math.max(-1, centre - half),
    Math.min(1, centre + half),
  ]);
  if (before === 0) return { difference, percent: NOT_CERTAIN };
  const value = 100 * (after / before - 1);
  if (after === 0) {
    const open = { value, low: null, high: null };
    return { difference, percent: { examples: open, members: open, both: open, p: difference.p } };
  }
  const percent = around(Math.log(after / before), contrast(1 / before, 1 / after), (centre, half) => [
    100 * Math.expm1(centre - half),
    100 * Math.expm1(centre + half),
  ]);
  const named = (estimate: Estimate): Estimate => ({ ...estimate, value });
  return {
    difference,
    percent: {
      examples: named(percent.examples),
      members: named(percent.members),
      both: named(percent.both),
      p: percent.p,
    },
  };
}

/** Student intervals of a contrast around its value; without ends where nothing varies, which says nothing about other draws. */
function around(
  centre: number,
  spread: Spread,
  ends: (centre: number, half: number) => readonly [number, number],
): UncertainChange {
  const interval = (variance: number, degrees: number): Estimate => {
    if (degrees < 1 || variance === 0) return { value: centre, low: null, high: null };
    const [low, high] = ends(centre, studentQuantile(degrees) * Math.sqrt(variance));
    return Number.isFinite(high) ? { value: centre, low, high } : { value: centre, low: null, high: null };
  };
  const { degrees } = spread;
  const testable = degrees.both >= 1 && spread.both > 0;
  return {
    examples: interval(spread.examples, degrees.examples),
    members: interval(spread.members, degrees.members),
    both: interval(spread.both, degrees.both),
    p: testable ? studentTails(centre / Math.sqrt(spread.both), degrees.both) : null,
  };
}

interface Part {
  readonly sums: ErrorSums;
  readonly weight: number;
}

/** The variance of a weighted sum of one or two populations' rates on the same n examples. */
function spreadOf(parts: readonly Part[], n: number, products: number, joint: number | null = null): Spread {
  const [first, second] = parts as readonly [Part, Part?];
  const centre = parts.reduce((sum, part) => sum + part.weight * rateOf(part, n), 0);
  const cross = second
    ? (2 * first.weight * second.weight * products) / (first.sums.perMember.length * second.sums.perMember.length)
    : 0;
  const ofRows = parts.reduce((sum, { sums, weight }) => sum + (weight / sums.perMember.length) ** 2 * sums.squares, 0);
  const rows = Math.max(0, ofRows + cross - n * centre ** 2); // sum of squares of the example means
  const examples = n > 1 ? rows / (n - 1) / n : 0;

  const paired = second === undefined || joint !== null;
  const columns = paired ? [columnMeans(parts, n)] : parts.map((part) => columnMeans([part], n));
  const members = columns.reduce((sum, means) => sum + varianceOfMean(means), 0);
  const fewest = Math.min(...columns.map((means) => means.length)); // unpaired: the fewer, to be safe
  const memberDegrees = fewest - 1;

  let both = examples + members;
  if (paired && n > 1 && memberDegrees >= 1) {
    const [means] = columns as [Float64Array];
    const count = means.length;
    const all =
      parts.reduce((sum, { sums, weight }) => sum + weight ** 2 * total(sums.perMember), 0) +
      (second ? 2 * first.weight * second.weight * (joint ?? 0) : 0);
    const rest = Math.max(0, all - n * count * centre ** 2 - count * rows - n * squaresAround(means, centre));
    both = Math.max(examples, members, both - rest / ((n - 1) * (count - 1)) / (n * count));
  }
  const exampleDegrees = n - 1;
  return {
    examples,
    members,
    both,
    degrees: {
      examples: exampleDegrees,
      members: memberDegrees,
      both: jointDegrees(examples, exampleDegrees, members, memberDegrees),
    },
  };
}

/** Satterthwaite's degrees of freedom of a sum of two variances; 0 where one of them cannot be estimated. */
function jointDegrees(a: number, degreesA: number, b: number, degreesB: number): number {
  if (degreesA < 1 || degreesB < 1) return 0;
  if (a + b === 0) return Math.min(degreesA, degreesB);
  return (a + b) ** 2 / (a ** 2 / degreesA + b ** 2 / degreesB);
}

/** [member] weighted rates over the examples, summed over the parts. */
function columnMeans(parts: readonly Part[], n: number): Float64Array {
  const means = new Float64Array(parts[0]!.sums.perMember.length);
  for (const { sums, weight } of parts)
    for (let k = 0; k < means.length; k++) means[k]! += (weight * sums.perMember[k]!) / n;
  return means;
}

function varianceOfMean(means: Float64Array): number {
  if (means.length < 2) return 0;
  return squaresAround(means, total(means) / means.length) / (means.length - 1) / means.length;
}

function squaresAround(values: Float64Array, centre: number): number {
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return sum;
}

const rateOf = ({ sums }: Part, n: number): number => total(sums.perMember) / (n * sums.perMember.length);

/** Wilson's score interval of a rate from an effective number of examples. */
function score(rate: number, effective: number, quantile: number): Estimate {
  const squared = quantile ** 2;
  const scale = 1 + squared / effective;
  const centre = (rate + squared / (2 * effective)) / scale;
  const half = (quantile * Math.sqrt((rate * (1 - rate)) / effective + squared / (4 * effective ** 2))) / scale;
  return {
    value: rate,
    low: rate === 0 ? 0 : Math.max(0, centre - half),
    high: rate === 1 ? 1 : Math.min(1, centre + half),
  };
}

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}
