import { stream } from '#lib/random.ts';
import { biasIntervals, type BiasSide } from './bias-bootstrap.ts';
import { resampledCounts, uncertainCount } from './cie-count.ts';
import { enoughMembers } from './enough.ts';
import { nullControl } from './null-control.ts';
import { withMembers } from './over-indexing.ts';
import type { Audited, PreparedTable } from './prepared.ts';
import { ratioTally } from './representation.ts';
import { drawMembers } from './resampling.ts';
import type { AuditDepth, AuditResult, Comparison, LevelDepth } from './result.ts';
import { slicesOf } from './slice-tests.ts';

const CIE_REPEATS = 200;

/** The depth of an audit, in steps of at most a few seconds each: the null control, then level by level. */
export function* depthSteps(prepared: PreparedTable, quick: AuditResult): Generator<undefined, AuditDepth> {
  const { examples, options, baseline, levels } = prepared;
  const control = nullControl(
    examples,
    baseline.population,
    levels.map(({ level }) => level.population),
    options,
  );
  const found: LevelDepth[] = [];
  for (const [i, { level }] of levels.entries()) {
    yield;
    found.push(levelDepth(prepared, level, quick.comparisons[i]!));
  }
  return { nullControl: control, levels: found };
}

/** The audit with its depth. */
export function withDepth(quick: AuditResult, { nullControl: control, levels }: AuditDepth): AuditResult {
  return {
    ...quick,
    nullControl: control,
    deep: true,
    comparisons: quick.comparisons.map((comparison, i) => {
      const { count, ratios, bias, slices, enough } = levels[i]!;
      return {
        ...comparison,
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
      };
    }),
  };
}

function levelDepth(
  { examples, options: { seed, tieRule, minCount }, positive, baseline }: PreparedTable,
  level: Audited,
  quick: Comparison,
): LevelDepth {
  const { name } = level.population;
  const count = examples.ids.length;
  const classes = examples.classes.length;
  const draws = drawMembers(
    baseline.population.members,
    level.population.members,
    CIE_REPEATS,
    stream(seed, 'bootstrap-members', name),
  );
  const tally = ratioTally(examples, CIE_REPEATS);
  const ties = stream(seed, 'bootstrap-ties', name);
  const counts = resampledCounts(baseline.views, level.views, classes, draws, tieRule, ties, tally.add);
  const side = ({ wrong, profile, population }: Audited): BiasSide => ({ wrong, profile, members: population.members });
  return {
    count: uncertainCount(quick.modalCie.indices.length, count, counts),
    ratios: quick.representation.map((row, i) => withMembers(row, tally.counts[i]!, counts)),
    bias: biasIntervals(
      examples,
      positive,
      side(baseline),
      side(level),
      quick.equalizedOddsBias,
      stream(seed, 'bootstrap-bias', name),
    ),
    slices: slicesOf(examples, quick.modalCie.isCie, baseline, level, minCount),
    enough: enoughMembers(
      baseline.population,
      level.population,
      count,
      classes,
      tieRule,
      stream(seed, 'enough-members', name),
    ),
  };
}
