import { stream } from '#lib/random.ts';
import { NOT_ESTIMABLE, percentileInterval } from './intervals.ts';
import type { Estimate } from './result.ts';

/** Who gave which example which category. A category is any text; two texts are one category if they are the same. */
export interface Ratings {
  readonly reviewers: readonly string[];
  /** [example, reviewer] category index, -1 where this reviewer said nothing. */
  readonly codes: Int32Array;
  readonly categories: number;
}

/** Agreement beyond chance: 1 is complete, 0 is what chance gives, below 0 is less than that. */
export interface ReviewerAgreement {
  /** Examples that two reviewers or more have rated; the others say nothing about agreement. */
  readonly shared: number;
  readonly fleiss: Estimate;
  readonly krippendorff: Estimate;
  /** One entry a pair of reviewers, in their order. */
  readonly pairs: readonly ReviewerPair[];
}
export interface ReviewerPair {
  readonly a: string;
  readonly b: string;
  /** Examples that both have rated, and those of them on which both gave the same category. */
  readonly shared: number;
  readonly same: number;
  readonly cohen: Estimate;
}

const REPEATS = 1000;
/** With more repeats without a value than this share, the percentiles of the rest would be too narrow. */
const MOST_UNDEFINED = 0.1;

/**
 * Every measure with its 95 % interval: the percentile bootstrap over examples (Efron & Tibshirani 1993, chapter 13), 1,000
 * seeded repeats, each drawing as many examples as there are. A measure is null where it is not defined (nothing shared, or
 * one category only: chance alone would agree). The ends are null where more than a tenth of the repeats are not defined, and
 * where all repeats are the same (complete agreement, one example): the bootstrap sees no spread there.
 */
export function reviewerAgreement(ratings: Ratings, seed: number): ReviewerAgreement {
  const count = ratings.reviewers.length;
  const shared = sharedRows(ratings);
  const estimate = (rows: Int32Array, columns: number, measure: Measure, ...names: string[]): Estimate =>
    bootstrap({ codes: rows, columns, categories: ratings.categories }, measure, seed, names);
  const pairs: ReviewerPair[] = [];
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      const rows = pairRows(ratings, a, b);
      let same = 0;
      for (let x = 0; x < rows.length; x += 2) if (rows[x] === rows[x + 1]) same++;
      const [nameA, nameB] = [ratings.reviewers[a]!, ratings.reviewers[b]!];
      const cohen = estimate(rows, 2, cohenKappa, 'cohen', nameA, nameB);
      pairs.push({ a: nameA, b: nameB, shared: rows.length / 2, same, cohen });
    }
  }
  return {
    shared: count === 0 ? 0 : shared.length / count,
    fleiss: estimate(shared, count, fleissKappa, 'fleiss'),
    krippendorff: estimate(shared, count, krippendorffAlpha, 'krippendorff'),
    pairs,
  };
}

interface Table {
  readonly codes: Int32Array; // [example, column]
  readonly columns: number;
  readonly categories: number;
}
/** A measure over the examples that were drawn (with repetition); null where it is not defined. */
type Measure = (table: Table, drawn: Uint32Array) => number | null;

function bootstrap(table: Table, measure: Measure, seed: number, names: readonly string[]): Estimate {
  const examples = table.columns === 0 ? 0 : table.codes.length / table.columns;
  const drawn = Uint32Array.from({ length: examples }, (_, i) => i);
  const value = measure(table, drawn);
  if (value === null) return NOT_ESTIMABLE;
  const random = stream(seed, 'reviewers', ...names);
  const repeats: number[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (let i = 0; i < examples; i++) drawn[i] = random.int(examples);
    const again = measure(table, drawn);
    if (again !== null) repeats.push(again);
  }
  const hasSpread = repeats.some((one) => one !== repeats[0]);
  if (!hasSpread || repeats.length < REPEATS * (1 - MOST_UNDEFINED)) return { value, low: null, high: null };
  return percentileInterval(value, Float64Array.from(repeats));
}

/** Rows of the examples with two ratings or more. */
function sharedRows({ reviewers, codes }: Ratings): Int32Array {
  const rows: number[] = [];
  for (let start = 0; start < codes.length; start += reviewers.length) {
    const row = codes.subarray(start, start + reviewers.length);
    if (row.reduce((sum, code) => sum + (code < 0 ? 0 : 1), 0) >= 2) rows.push(...row);
  }
  return Int32Array.from(rows);
}

/** Rows of two columns of the examples that both have rated. */
function pairRows({ reviewers, codes }: Ratings, a: number, b: number): Int32Array {
  const rows: number[] = [];
  for (let start = 0; start < codes.length; start += reviewers.length) {
    const [first, second] = [codes[start + a]!, codes[start + b]!];
    if (first >= 0 && second >= 0) rows.push(first, second);
  }
  return Int32Array.from(rows);
}

/** Cohen, J. (1960), A coefficient of agreement for nominal scales: (p_o - p_e) / (1 - p_e), p_e from each one's own shares. */
function cohenKappa({ codes, categories }: Table, drawn: Uint32Array): number | null {
  const first = new Float64Array(categories);
  const second = new Float64Array(categories);
  let same = 0;
  for (const x of drawn) {
    const [a, b] = [codes[2 * x]!, codes[2 * x + 1]!];
    first[a]!++;
    second[b]!++;
    if (a === b) same++;
  }
  const total = drawn.length;
  let chance = 0;
  for (let c = 0; c < categories; c++) chance += (first[c]! * second[c]!) / total ** 2;
  return total === 0 || chance >= 1 ? null : (same / total - chance) / (1 - chance);
}

/**
 * Fleiss, J. L. (1971), Measuring nominal scale agreement among many raters: the mean over examples of the share of agreeing
 * pairs of ratings, against the sum of squares of the categories' shares of all ratings. Where examples have different numbers of
 * ratings (at least two), each example counts once in the mean and each rating once in the shares; with equal numbers this
 * is Fleiss' own formula.
 */
function fleissKappa(table: Table, drawn: Uint32Array): number | null {
  const { totals, ratings, agreement } = tally(table, drawn, 'mean');
  const chance = totals.reduce((sum, n) => sum + (n / ratings) ** 2, 0);
  return ratings === 0 || chance >= 1 ? null : (agreement / drawn.length - chance) / (1 - chance);
}

/**
 * Krippendorff, K. (2011), Computing Krippendorff's alpha-reliability, section C (nominal data, any number of observers,
 * missing data): 1 - D_o / D_e over the coincidence matrix, to which an example with m ratings gives each ordered pair of
 * them 1 / (m - 1).
 */
function krippendorffAlpha(table: Table, drawn: Uint32Array): number | null {
  const { totals, ratings, agreement } = tally(table, drawn, 'sum');
  const expected = ratings ** 2 - totals.reduce((sum, n) => sum + n ** 2, 0);
  return expected === 0 ? null : 1 - ((ratings - 1) * (ratings - agreement)) / expected;
}

/** Ratings by category, of all, and agreement: the sum over examples of agreeing pairs by pairs ("mean") or by m - 1 ("sum"). */
function tally({ codes, columns, categories }: Table, drawn: Uint32Array, kind: 'mean' | 'sum') {
  const totals = new Float64Array(categories);
  const own = new Float64Array(categories);
  let ratings = 0;
  let agreement = 0;
  for (const x of drawn) {
    let rated = 0;
    let agreeing = 0;
    for (let j = x * columns; j < (x + 1) * columns; j++) {
      const code = codes[j]!;
      if (code < 0) continue;
      agreeing += 2 * own[code]!++; // ordered pairs with those before
      totals[code]!++;
      rated++;
    }
    for (let j = x * columns; j < (x + 1) * columns; j++) if (codes[j]! >= 0) own[codes[j]!] = 0;
    ratings += rated;
    agreement += agreeing / (kind === 'mean' ? rated * (rated - 1) : rated - 1);
  }
  return { totals, ratings, agreement };
}
