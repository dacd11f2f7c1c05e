import { stream } from '#lib/random.ts';
import { biasIntervals } from './bias-bootstrap.ts';
import { resampledCounts, uncertainCount } from './cie-count.ts';
import { enoughMembers } from './enough.ts';
import { nullControl, packPopulation } from './null-control.ts';
import { withMembers } from './over-indexing.ts';
import type { Audited, PreparedTable } from './prepared.ts';
import { ratioTally } from './representation.ts';
import { packVotes, type PackedVotes } from './packed-votes.ts';
import { drawMembers } from './resampling.ts';
import type { AuditNumbers, AuditResult, Comparison, DepthPart, LevelDepth } from './result.ts';
import { changedComparison } from './subgroup-rows.ts';
import { sliceTables } from './slice-tests.ts';

const CIE_REPEATS = 200;

/**
 * The depth of an audit: the null control, then level by level, each time the one that `wanted` names if it is not in yet. In
 * steps of about a second at most; a step that gives no part yields undefined.
 */
export function* depthParts(
  prepared: PreparedTable,
  quick: AuditNumbers,
  wanted: () => string | null = () => null,
): Generator<DepthPart | undefined, void> {
  const { examples, options, baseline, levels } = prepared;
  const first = packPopulation(baseline.population, examples);
  const packed = levels.map(({ level }) => packPopulation(level.population, examples));
  yield { kind: 'null-control', nullControl: nullControl(first, packed, options) };
  const slices = sliceTables(examples, options.minCount);
  const left = new Map(levels.map(({ level }, i) => [level.population.name, i]));
  for (;;) {
    const asked = wanted();
    const name = asked !== null && left.has(asked) ? asked : [...left.keys()][0];
    if (name === undefined) return;
    const at = left.get(name)!;
    left.delete(name);
    const votes = packVotes(first.dissents, packed[at]!.dissents);
    const depth = yield* levelDepth(prepared, levels[at]!.level, quick.comparisons[at]!, votes, slices);
    yield { kind: 'level', level: name, depth };
  }
}

/** The audit with a part of its depth. */
export function withDepth(audit: AuditResult, part: DepthPart): AuditResult {
  if (part.kind === 'failed') return { ...audit, deep: true, failure: part.message };
  if (part.kind === 'null-control') {
    const deep = audit.comparisons.length === 0;
    return { ...audit, nullControl: part.nullControl, controlled: true, deep };
  }
  const { count, ratios, bias, slices, enough } = part.depth;
  const deepened = (comparison: Comparison): Comparison =>
    changedComparison(comparison, {
      modalCie: { ...comparison.modalCie, count },
      representation: comparison.representation.map((row, j) => ({ ...row, ratio: ratios[j]! })),
      equalizedOddsBias: Object.fromEntries(
        Object.entries(comparison.equalizedOddsBias).map(([attribute, own]) => [
          attribute,
          { ...own, uncertain: bias[attribute] ?? null },
        ]),
      ),
      slices,
      enough,
    });
  const comparisons = audit.comparisons.map((one) => (one.level === part.level ? deepened(one) : one));
  return { ...audit, comparisons, deep: comparisons.every(({ slices: found }) => found !== null) };
}

function* levelDepth(
  { examples, options: { seed, tieRule }, features, positive, baseline }: PreparedTable,
  level: Audited,
  quick: AuditNumbers['comparisons'][number],
  packed: PackedVotes,
  slicesOf: ReturnType<typeof sliceTables>,
): Generator<undefined, LevelDepth> {
  const { name } = level.population;
  const [members, others] = [baseline.population.members, level.population.members];
  const draws = drawMembers(members, others, CIE_REPEATS, stream(seed, 'bootstrap-members', name));
  const tally = ratioTally(examples, features, CIE_REPEATS);
  const ties = stream(seed, 'bootstrap-ties', name);
  const counts = resampledCounts(packed, draws, tieRule, ties, tally.add);
  const tallied = tally.counts();
  const ratios = quick.representation.map((row, i) => withMembers(row, tallied[i]!, counts));
  yield;
  const enough = enoughMembers(packed, members, others, tieRule, stream(seed, 'enough-members', name));
  yield;
  const bias = yield* biasIntervals(
    examples,
    features,
    positive,
    { ...baseline, members },
    { ...level, members: others },
    quick.equalizedOddsBias,
    stream(seed, 'bootstrap-bias', name),
  );
  const cie = slicesOf.cie(quick.modalCie.isCie);
  yield;
  const loss = slicesOf.loss(baseline, level);
  const count = uncertainCount(quick.modalCie.indices.length, examples.labels.length, counts);
  return { count, ratios, bias, slices: { cie, loss }, enough };
}
