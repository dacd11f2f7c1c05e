import { restOf } from './agreement.ts';
import { uncertainChange, uncertainRate } from './crossed.ts';
import type { ErrorProfile } from './error-sums.ts';
import { WEIGHTS, type GroupIndex } from './group-index.ts';
import type { Audited, PreparedLevel, PreparedTable } from './prepared.ts';
import { isEstimable, type ErrorCounts, type GroupSize } from './rates.ts';
import type { SubgroupNumbers } from './result.ts';
import { benjaminiHochbergOf, holmOf, mcNemar, welch } from './significance.ts';
import { AGREEMENT, MCNEMAR, MEASURES, NUMBERS, RATE, TESTS, UNCERTAIN, writeUncertain } from './subgroup-layout.ts';

/** The tables with the corrections of all their tests, and how many changes were tested. */
export function subgroupNumbers(
  prepared: PreparedTable,
  index: GroupIndex,
): SubgroupNumbers & { readonly testedChanges: number } {
  const { examples, positive, baseline } = prepared;
  const sides: Sides = { labels: examples.labels, positive, binary: examples.classes.length === 2 };
  const first = populationSums(index, baseline, sides, null, null);
  const before = ratesOf(index, first, prepared.options.minCount);
  const levels = prepared.levels.map((level) => levelNumbers(prepared, index, level, sides, first, before));
  const testedChanges = correct(levels);
  return { groups: index.groups, sizes: index.sizes, levels, testedChanges };
}

/** Which examples a rate is over. */
interface Sides {
  readonly labels: Uint16Array;
  readonly positive: number;
  /** Two classes: every error is a false positive or a false negative. */
  readonly binary: boolean;
}

/** Sums by group for each of error, fpr, fnr: [group, SQUARE, PRODUCT, JOINT]. */
type ByRate = readonly [error: Float64Array, fpr: Float64Array, fnr: Float64Array];
/** Wrong members squared, times those of the baseline, and pairs of members that are both wrong; of the baseline only the first. */
const [SQUARE, PRODUCT, JOINT] = [0, 1, 2];

/** What one population has in every group. */
interface PopulationSums {
  readonly counts: ErrorCounts;
  readonly errors: ByRate;
  /** [group, pairs that differ, members short of agreeing, nothing]. */
  readonly unrest: Float64Array;
}

function populationSums(
  index: GroupIndex,
  { wrong, profile, unrest }: Audited,
  sides: Sides,
  baseline: ErrorProfile | null,
  joint: ErrorProfile | null,
): PopulationSums {
  const restless = new Float64Array(WEIGHTS * unrest.examples.length);
  for (let i = 0; i < unrest.examples.length; i++) {
    restless[WEIGHTS * i] = unrest.pairs[i]!;
    restless[WEIGHTS * i + 1] = unrest.shortOf[i]!;
  }
  const sum = (kind: keyof ErrorProfile, side: boolean | null): Float64Array =>
    errorSums(index, sides, side, profile[kind], baseline?.[kind] ?? null, joint?.[kind] ?? null);
  const [fpr, fnr] = [sum('binary', false), sum('binary', true)];
  const error = sides.binary ? fpr.map((own, at) => own + fnr[at]!) : sum('wrong', null);
  return { counts: index.countErrors(wrong), errors: [error, fpr, fnr], unrest: index.sums(unrest.examples, restless) };
}

/** Over the examples on which some member is wrong; `side`: only the positives (true) or negatives. */
function errorSums(
  index: GroupIndex,
  { labels, positive }: Sides,
  side: boolean | null,
  wrong: Uint16Array,
  baseline: Uint16Array | null,
  joint: Uint16Array | null,
): Float64Array {
  const list = new Uint32Array(labels.length);
  const weights = new Float64Array(labels.length * WEIGHTS);
  let count = 0;
  for (let x = 0; x < labels.length; x++) {
    const own = wrong[x]!;
    if (own === 0 || (side !== null && (labels[x] === positive) !== side)) continue;
    list[count] = x;
    const at = WEIGHTS * count++;
    weights[at + SQUARE] = own * own;
    if (baseline !== null) weights[at + PRODUCT] = own * baseline[x]!;
    if (joint !== null) weights[at + JOINT] = joint[x]!;
  }
  return index.sums(list, weights.subarray(0, WEIGHTS * count));
}

/** Denominator of a rate in a group; 0 where it is not estimable. */
function denominator({ n, negatives, positives }: GroupSize, measure: number, minCount: number): number {
  const size = measure === 0 ? n : measure === 1 ? negatives : positives;
  return isEstimable(size, minCount) ? size : 0;
}

/** The member counts of one rate in a group. */
function countsOf(counts: ErrorCounts, measure: number, group: number): Uint32Array {
  const all = measure === 0 ? counts.wrong : measure === 1 ? counts.falsePositives : counts.falseNegatives;
  return all.subarray(group * counts.members, (group + 1) * counts.members);
}

/** The rates of a population with their intervals, [group, rate, UNCERTAIN]. */
function ratesOf(index: GroupIndex, { counts, errors }: PopulationSums, minCount: number): Float64Array {
  const rates = new Float64Array(index.groups.length * MEASURES.length * UNCERTAIN);
  for (const [group, size] of index.sizes.entries()) {
    for (let measure = 0; measure < MEASURES.length; measure++) {
      const n = denominator(size, measure, minCount);
      const sums = {
        perMember: countsOf(counts, measure, group),
        squares: errors[measure]![WEIGHTS * group + SQUARE]!,
      };
      writeUncertain(rates, (group * MEASURES.length + measure) * UNCERTAIN, uncertainRate(sums, n));
    }
  }
  return rates;
}

function levelNumbers(
  { baseline, options: { minCount }, examples: { labels } }: PreparedTable,
  index: GroupIndex,
  { level, partners, joint }: PreparedLevel,
  sides: Sides,
  first: PopulationSums,
  before: Float64Array,
): Float64Array {
  const second = populationSums(index, level, sides, baseline.profile, joint);
  const after = ratesOf(index, second, minCount);
  const changed = modalChanges(index, baseline, level, labels);
  const inOrder = partners?.every((partner, member) => partner === member) ?? true;
  const rows = new Float64Array(index.groups.length * NUMBERS).fill(NaN);
  for (const [group, size] of index.sizes.entries()) {
    const row = group * NUMBERS;
    for (let measure = 0; measure < MEASURES.length; measure++) {
      const n = denominator(size, measure, minCount);
      if (n === 0) continue;
      const at = row + measure * RATE.length;
      const from = (group * MEASURES.length + measure) * UNCERTAIN;
      rows.set(before.subarray(from, from + UNCERTAIN), at + RATE.baseline);
      rows.set(after.subarray(from, from + UNCERTAIN), at + RATE.compressed);
      const baselineCounts = countsOf(first.counts, measure, group);
      const counts = countsOf(second.counts, measure, group);
      const { difference, percent } = uncertainChange(
        { perMember: baselineCounts, squares: first.errors[measure]![WEIGHTS * group + SQUARE]! },
        {
          perMember: partners === null || inOrder ? counts : partners.map((partner) => counts[partner]!),
          squares: second.errors[measure]![WEIGHTS * group + SQUARE]!,
        },
        second.errors[measure]![WEIGHTS * group + PRODUCT]!,
        partners === null ? null : second.errors[measure]![WEIGHTS * group + JOINT]!,
        n,
      );
      writeUncertain(rows, at + RATE.difference, difference);
      writeUncertain(rows, at + RATE.percent, percent);
      rows[at + RATE.tests + TESTS.both] = difference.p ?? NaN;
      rows[at + RATE.tests + TESTS.members] = welch(baselineCounts, counts)?.p ?? NaN;
    }
    const sums = WEIGHTS * group;
    const own = restOf(first.counts.members, size.n, first.unrest[sums]!, first.unrest[sums + 1]!);
    const other = restOf(second.counts.members, size.n, second.unrest[sums]!, second.unrest[sums + 1]!);
    const [onlyBefore, onlyAfter] = [changed[sums]!, changed[sums + 1]!];
    const test = mcNemar(onlyBefore, onlyAfter);
    rows[row + AGREEMENT] = own.jitter ?? NaN;
    rows[row + AGREEMENT + 1] = other.jitter ?? NaN;
    rows[row + AGREEMENT + 2] = own.stability ?? NaN;
    rows[row + AGREEMENT + 3] = other.stability ?? NaN;
    rows[row + AGREEMENT + 4] = onlyBefore;
    rows[row + AGREEMENT + 5] = onlyAfter;
    rows[row + MCNEMAR] = test?.statistic ?? NaN;
    rows[row + MCNEMAR + 1] = test?.degrees ?? NaN;
    rows[row + MCNEMAR + 2] = test?.p ?? NaN;
  }
  return rows;
}

/** [group, examples whose modal label only the baseline has wrong, only the level, nothing]. */
function modalChanges(index: GroupIndex, baseline: Audited, level: Audited, labels: Uint16Array): Float64Array {
  const [before, after] = [baseline.summary.modal, level.summary.modal];
  const list: number[] = [];
  const weights: number[] = [];
  for (let x = 0; x < labels.length; x++) {
    const [wasRight, isRight] = [before[x] === labels[x], after[x] === labels[x]];
    if (wasRight === isRight) continue;
    list.push(x);
    weights.push(wasRight ? 0 : 1, wasRight ? 1 : 0, 0);
  }
  return index.sums(Uint32Array.from(list), Float64Array.from(weights));
}

/**
 * Corrects the p-values of every row of every level together: whoever looks at the whole grid is wrong about any change that
 * Holm's p-value calls real with probability at most 5 %. McNemar's tests are a family of their own.
 */
function correct(levels: readonly Float64Array[]): number {
  const groups = (levels[0]?.length ?? 0) / NUMBERS;
  const places = (offsets: readonly number[], visit: (rows: Float64Array, at: number, place: number) => void): void => {
    let place = 0;
    for (const rows of levels)
      for (let group = 0; group < groups; group++)
        for (const offset of offsets) visit(rows, group * NUMBERS + offset, place++);
  };
  const changes = MEASURES.map((_, measure) => measure * RATE.length + RATE.tests);
  const ps = new Float64Array(levels.length * groups * changes.length);
  places(changes, (rows, at, place) => (ps[place] = rows[at]!));
  const [strict, mild] = [holmOf(ps), benjaminiHochbergOf(ps)];
  places(changes, (rows, at, place) => {
    rows[at + TESTS.holm] = strict[place]!;
    rows[at + TESTS.benjaminiHochberg] = mild[place]!;
  });
  const agreements = new Float64Array(levels.length * groups);
  places([MCNEMAR + 2], (rows, at, place) => (agreements[place] = rows[at]!));
  const corrected = holmOf(agreements);
  places([MCNEMAR + 3], (rows, at, place) => (rows[at] = corrected[place]!));
  return ps.reduce((tested, p) => (Number.isNaN(p) ? tested : tested + 1), 0);
}
