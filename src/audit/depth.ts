import { stream } from '#lib/random.ts';
import { biasIntervals, type BiasSide } from './bias-bootstrap.ts';
import { resampledCounts, uncertainCount } from './cie-count.ts';
import { enoughMembers } from './enough.ts';
import { nullControl } from './null-control.ts';
import { withMembers } from './over-indexing.ts';
import type { Audited, PreparedTable } from './prepared.ts';
import { ratioTally } from './representation.ts';
import { drawMembers } from './resampling.ts';
import type { AuditResult, Comparison } from './result.ts';
import { slicesOf } from './slice-tests.ts';

const CIE_REPEATS = 200;

/**
 * Adds what takes resampling or a search, one level after the other, the null control first: after each step the audit so far; it is
 * `deep` after the last. What is not in yet is as `quickAudit` left it.
 */
export function* deepen(prepared: PreparedTable, quick: AuditResult): Generator<AuditResult> {
  const { examples, options, baseline, levels } = prepared;
  const control = nullControl(
    examples,
    baseline.population,
    levels.map(({ level }) => level.population),
    options,
  );
  let result: AuditResult = { ...quick, nullControl: control, deep: levels.length === 0 };
  yield result;
  for (const [i, { level }] of levels.entries()) {
    const comparisons = result.comparisons.with(i, deeper(prepared, level, result.comparisons[i]!));
    result = { ...result, comparisons, deep: i === levels.length - 1 };
    yield result;
  }
}

function deeper(
  { examples, options: { seed, tieRule, minCount }, positive, baseline }: PreparedTable,
  level: Audited,
  quick: Comparison,
): Comparison {
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
  const biases = biasIntervals(
    examples,
    positive,
    side(baseline),
    side(level),
    quick.equalizedOddsBias,
    stream(seed, 'bootstrap-bias', name),
  );
  return {
    ...quick,
    modalCie: { ...quick.modalCie, count: uncertainCount(quick.modalCie.indices.length, count, counts) },
    representation: quick.representation.map((row, i) => withMembers(row, tally.counts[i]!, counts)),
    equalizedOddsBias: Object.fromEntries(
      Object.entries(quick.equalizedOddsBias).map(([attribute, bias]) => [
        attribute,
        { ...bias, uncertain: biases[attribute] ?? null },
      ]),
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
