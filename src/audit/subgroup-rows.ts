import { restOf, type Agreement } from './agreement.ts';
import type { CrossedSums, GroupSums } from './error-sums.ts';
import { GroupIndex } from './group-index.ts';
import { normalizedDifferences } from './normalized-difference.ts';
import type { Audited, PreparedLevel, PreparedTable } from './prepared.ts';
import { FALSE_NEGATIVE, FALSE_POSITIVE, meanRates, type ErrorCounts } from './rates.ts';
import type { SubgroupRow } from './result.ts';
import { mcNemar } from './significance.ts';
import { uncertainChanges, uncertainRates } from './uncertainty.ts';

/** The subgroup table of every level, [level][row], without corrections for their number. */
export function subgroupTables({ examples, options, positive, baseline, levels }: PreparedTable): SubgroupRow[][] {
  const index = new GroupIndex(examples, positive);
  const { minCount } = options;
  const sides = { labels: examples.labels, positive, binary: examples.classes.length === 2 };
  const first = populationSums(index, baseline, sides);
  const before = index.sizes.map((size, group) => meanRates(first.counts, group, size, minCount));
  return levels.map((prepared) => {
    const { level, partners } = prepared;
    const second = populationSums(index, level, sides);
    const sums = groupSums(index, baseline, prepared, first, second, sides);
    const agreements = agreementsOf(index, baseline, level, first, second, examples.labels);
    return index.groups.map((group, at): SubgroupRow => {
      const size = index.sizes[at]!;
      const compressed = meanRates(second.counts, at, size, minCount);
      const evidence = {
        group: at,
        size,
        minCount,
        baseline: first.counts,
        compressed: second.counts,
        sums,
        partners,
      };
      return {
        group,
        ...size,
        baseline: before[at]!,
        compressed,
        normalizedDifference: normalizedDifferences(before[at]!, compressed),
        baselineRates: uncertainRates(evidence, 'baseline'),
        compressedRates: uncertainRates(evidence, 'compressed'),
        change: uncertainChanges(evidence),
        agreement: agreements[at]!,
      };
    });
  });
}

/** Which examples a rate is over. */
interface Sides {
  readonly labels: Uint16Array;
  readonly positive: number;
  /** Two classes: every error is a false positive or a false negative. */
  readonly binary: boolean;
}

/** One value for each rate. */
interface ByRate<T> {
  readonly error: T;
  readonly fpr: T;
  readonly fnr: T;
}

/** What one population has in every group. */
interface PopulationSums {
  readonly counts: ErrorCounts;
  readonly squares: ByRate<Float64Array>;
  readonly pairs: Float64Array;
  readonly shortOf: Float64Array;
}

function populationSums(index: GroupIndex, { wrong, profile, unrest }: Audited, sides: Sides): PopulationSums {
  const { members, starts, examples, kinds } = wrong;
  const empty = () => new Uint32Array(index.groups.length * members);
  const counts = { members, wrong: empty(), falsePositives: empty(), falseNegatives: empty() };
  for (let k = 0; k < members; k++) {
    const own = examples.subarray(starts[k], starts[k + 1]);
    const kind = kinds.subarray(starts[k], starts[k + 1]);
    const of = (wanted: number) => index.sum(own.filter((_, i) => kind[i] === wanted));
    const [positives, negatives] = [of(FALSE_POSITIVE), of(FALSE_NEGATIVE)];
    const others = sides.binary ? null : of(0);
    for (let group = 0; group < positives.length; group++) {
      const at = group * members + k;
      counts.falsePositives[at] = positives[group]!;
      counts.falseNegatives[at] = negatives[group]!;
      counts.wrong[at] = positives[group]! + negatives[group]! + (others?.[group] ?? 0);
    }
  }
  return {
    counts,
    squares: byRate(
      index,
      sides,
      (x) => profile.wrong[x]! ** 2,
      (x) => profile.binary[x]! ** 2,
    ),
    pairs: index.sum(unrest.examples, unrest.pairs),
    shortOf: index.sum(unrest.examples, unrest.shortOf),
  };
}

/** Sums by group of a weight for any error, and of one for errors of the positive class against the rest. */
function byRate(
  index: GroupIndex,
  { labels, positive, binary }: Sides,
  any: (example: number) => number,
  oneAgainstRest: (example: number) => number,
): ByRate<Float64Array> {
  const sumWhere = (weight: (example: number) => number, wanted: (example: number) => boolean): Float64Array => {
    const list: number[] = [];
    for (let x = 0; x < labels.length; x++) if (weight(x) !== 0 && wanted(x)) list.push(x);
    return index.sum(Uint32Array.from(list), list.map(weight));
  };
  const fpr = sumWhere(oneAgainstRest, (x) => labels[x] !== positive);
  const fnr = sumWhere(oneAgainstRest, (x) => labels[x] === positive);
  return { error: binary ? fpr.map((sum, group) => sum + fnr[group]!) : sumWhere(any, () => true), fpr, fnr };
}

function groupSums(
  index: GroupIndex,
  baseline: Audited,
  { level, joint }: PreparedLevel,
  first: PopulationSums,
  second: PopulationSums,
  sides: Sides,
): GroupSums {
  const [b, c] = [baseline.profile, level.profile];
  const products = byRate(
    index,
    sides,
    (x) => b.wrong[x]! * c.wrong[x]!,
    (x) => b.binary[x]! * c.binary[x]!,
  );
  const nothing = new Float64Array(index.groups.length);
  const both =
    joint === null
      ? { error: nothing, fpr: nothing, fnr: nothing }
      : byRate(
          index,
          sides,
          (x) => joint.wrong[x]!,
          (x) => joint.binary[x]!,
        );
  const of = (rate: keyof GroupSums): CrossedSums => ({
    baselineSquares: first.squares[rate],
    compressedSquares: second.squares[rate],
    products: products[rate],
    joint: both[rate],
  });
  return { error: of('error'), fpr: of('fpr'), fnr: of('fnr') };
}

function agreementsOf(
  index: GroupIndex,
  baseline: Audited,
  level: Audited,
  first: PopulationSums,
  second: PopulationSums,
  labels: Uint16Array,
): readonly Agreement[] {
  const [before, after] = [baseline.summary, level.summary];
  const all = Uint32Array.from(labels.keys());
  const isWrong = (modal: Uint16Array, x: number): boolean => modal[x] !== labels[x];
  const onlyBefore = index.sum(all.filter((x) => isWrong(before.modal, x) && !isWrong(after.modal, x)));
  const onlyAfter = index.sum(all.filter((x) => isWrong(after.modal, x) && !isWrong(before.modal, x)));
  return index.sizes.map(({ n }, group) => {
    const own = restOf(before.members, n, first.pairs[group]!, first.shortOf[group]!);
    const other = restOf(after.members, n, second.pairs[group]!, second.shortOf[group]!);
    return {
      jitter: { baseline: own.jitter, compressed: other.jitter },
      stability: { baseline: own.stability, compressed: other.stability },
      onlyBaselineWrong: onlyBefore[group]!,
      onlyCompressedWrong: onlyAfter[group]!,
      mcNemar: mcNemar(onlyBefore[group]!, onlyAfter[group]!),
      mcNemarHolm: null,
    };
  });
}
