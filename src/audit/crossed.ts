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
  readonly exampleDegrees: number;
  readonly memberDegrees: number;
  readonly bothDegrees: number;
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
  const part = partOf(sums, n);
  const { rate } = part;
  const spread = spreadOf(part, 1, null, 0, n, 0, null);
  return {
    examples: rateInterval(rate, n, spread.examples, spread.exampleDegrees),
    members: rateInterval(rate, n, spread.members, spread.memberDegrees),
    both: rateInterval(rate, n, spread.both, spread.bothDegrees),
  };
}

function rateInterval(rate: number, n: number, variance: number, degrees: number): Estimate {
  if (degrees < 1) return { value: rate, low: null, high: null };
  const alike = rate * (1 - rate);
  return score(rate, alike > 0 && variance > 0 ? alike / variance : n, studentQuantile(degrees));
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
  const [first, second] = [partOf(baseline, n), partOf(compressed, n)];
  const [before, after] = [first.rate, second.rate];
  const plain = spreadOf(first, -1, second, 1, n, products, joint);
  const difference = changeOf(plain, after - before, after - before, false);
  if (before === 0) return { difference, percent: NOT_CERTAIN };
  const value = 100 * (after / before - 1);
  if (after === 0) {
    const open = { value, low: null, high: null };
    return { difference, percent: { examples: open, members: open, both: open, p: difference.p } };
  }
  const centre = Math.log(after / before);
  const relative = spreadOf(first, -1 / before, second, 1 / after, n, products, joint);
  const percent = changeOf(relative, value, centre, true);
  return { difference, percent };
}

/** Student intervals and the test of a contrast around its centre; see `changeInterval`. */
function changeOf(spread: Spread, value: number, centre: number, isLog: boolean): UncertainChange {
  const testable = spread.bothDegrees >= 1 && spread.both > 0;
  return {
    examples: changeInterval(value, centre, isLog, spread.examples, spread.exampleDegrees),
    members: changeInterval(value, centre, isLog, spread.members, spread.memberDegrees),
    both: changeInterval(value, centre, isLog, spread.both, spread.bothDegrees),
    p: testable ? studentTails(centre / Math.sqrt(spread.both), spread.bothDegrees) : null,
  };
}

/**
 * Of a difference of rates, or of the logarithm of their ratio, told in percent. No ends where nothing varies, which says nothing
 * about other draws, and none that are too large for a number.
 */
function changeInterval(value: number, centre: number, isLog: boolean, variance: number, degrees: number): Estimate {
  if (degrees < 1 || variance === 0) return { value, low: null, high: null };
  const half = studentQuantile(degrees) * Math.sqrt(variance);
  const low = isLog ? 100 * Math.expm1(centre - half) : Math.max(-1, centre - half);
  const high = isLog ? 100 * Math.expm1(centre + half) : Math.min(1, centre + half);
  return Number.isFinite(high) ? { value, low, high } : { value, low: null, high: null };
}

/** Sums with what follows from them. */
interface Part extends ErrorSums {
  readonly members: number;
  readonly total: number;
  readonly rate: number;
}

function partOf(sums: ErrorSums, n: number): Part {
  const { perMember, squares } = sums;
  const members = perMember.length;
  let total = 0;
  for (let k = 0; k < members; k++) total += perMember[k]!;
  return { perMember, squares, members, total, rate: total / (n * members) };
}

/**
 * The variance of a x (rate of the first population) + b x (rate of the second, if any) on the same n examples. This is the
 * inner loop of an audit with many subgroups: no arrays, no closures.
 */
function spreadOf(
  first: Part,
  a: number,
  second: Part | null,
  b: number,
  n: number,
  products: number,
  joint: number | null,
): Spread {
  let centre = a * first.rate;
  let scale = centre ** 2;
  let squares = (a / first.members) ** 2 * first.squares;
  let ofRows = squares;
  if (second !== null) {
    centre += b * second.rate;
    scale += (b * second.rate) ** 2;
    const others = (b / second.members) ** 2 * second.squares;
    squares += others;
    ofRows += others + (2 * a * b * products) / (first.members * second.members);
  }
  const rows = unlessRounding(ofRows - n * centre ** 2, squares); // sum of squares of the example means
  const examples = n > 1 ? rows / (n - 1) / n : 0;

  const paired = second === null || joint !== null;
  const fewest = second === null ? first.members : Math.min(first.members, second.members); // unpaired: to be safe
  const memberDegrees = fewest - 1;
  let members = 0;
  let around = 0; // squares of the member means around the centre, of pairs
  if (!paired) members = ofMembers(first, a, n) + ofMembers(second, b, n);
  else if (memberDegrees >= 1) {
    const [own, other] = [first.perMember, second?.perMember];
    for (let k = 0; k < fewest; k++) {
      const mean = (a * own[k]!) / n + (other === undefined ? 0 : (b * other[k]!) / n);
      around += (mean - centre) ** 2;
    }
    around = unlessRounding(around, scale);
    members = around / memberDegrees / fewest;
  }

  let both = examples + members;
  if (paired && n > 1 && memberDegrees >= 1) {
    let all = a ** 2 * first.total;
    if (second !== null) all += b ** 2 * second.total + 2 * a * b * (joint ?? 0);
    const rest = Math.max(0, all - n * fewest * centre ** 2 - fewest * rows - n * around);
    both = Math.max(examples, members, both - rest / ((n - 1) * memberDegrees) / (n * fewest));
  }
  const exampleDegrees = n - 1;
  const bothDegrees = jointDegrees(examples, exampleDegrees, members, memberDegrees);
  return { examples, members, both, exampleDegrees, memberDegrees, bothDegrees };
}

/** What is left of a difference of counts and is not the rounding of fractions of that size. */
function unlessRounding(value: number, size: number): number {
  return value > 1e-12 * size ? value : 0;
}

/** Satterthwaite's degrees of freedom of a sum of two variances; 0 where one of them cannot be estimated. */
function jointDegrees(a: number, degreesA: number, b: number, degreesB: number): number {
  if (degreesA < 1 || degreesB < 1) return 0;
  if (a + b === 0) return Math.min(degreesA, degreesB);
  return (a + b) ** 2 / (a ** 2 / degreesA + b ** 2 / degreesB);
}

/** The variance of a weighted rate over members. */
function ofMembers({ perMember, members, rate }: Part, weight: number, n: number): number {
  if (members < 2) return 0;
  let around = 0;
  for (let k = 0; k < members; k++) around += (perMember[k]! / n - rate) ** 2;
  return (weight ** 2 * around) / (members - 1) / members;
}

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
