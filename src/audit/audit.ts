import { stream } from '#lib/random.ts';
import { accuracyCurve, accuracyTable } from './accuracy.ts';
import { associations, correctAgreements } from './agreement.ts';
import { uncertainCount } from './cie-count.ts';
import { depthSteps, withDepth } from './depth.ts';
import { jaccardScores, taxicabScores } from './distances.ts';
import { equalizedOddsBias } from './equalized-odds.ts';
import { modalCie } from './modal-cie.ts';
import type { AuditExamples, PredictionTable } from './predictions.ts';
import { prepareTable, type Audited, type PreparedTable } from './prepared.ts';
import { rankByScore } from './ranking.ts';
import { representation } from './representation.ts';
import type { AuditOptions, AuditResult, Comparison, SubgroupRow } from './result.ts';
import { subgroupTables } from './subgroup-rows.ts';
import { correctChanges } from './uncertainty.ts';

/**
 * Compares every compressed population with the baseline, by all measures. Deterministic in the table and the options; the
 * order of members and of classes changes nothing but what ties decide. Works without examples (every rate is then null).
 * Throws as `prepareTable`.
 */
export function audit(table: PredictionTable, options: AuditOptions): AuditResult {
  const prepared = prepareTable(table, options);
  const quick = quickAudit(prepared);
  const steps = depthSteps(prepared, quick);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return withDepth(quick, step.value);
}

/** Everything that has a closed form: all but what `depth.ts` adds. */
export function quickAudit(prepared: PreparedTable): AuditResult {
  const { examples, options, baseline, levels } = prepared;
  const subgroups = correctAgreements(correctChanges(subgroupTables(prepared)));
  const compared = levels.map(({ level }, i) => compare(examples, baseline, level, subgroups[i]!, options));
  const associated = associations(
    examples,
    compared.map(({ modalCie: { isCie } }) => isCie),
  );
  return {
    options,
    classes: examples.classes,
    examples: examples.ids.length,
    baseline: baseline.summary,
    comparisons: compared.map((comparison, i) => ({ ...comparison, associations: associated[i]! })),
    testedChanges: subgroups
      .flat()
      .reduce(
        (sum, { change: { error, fpr, fnr } }) =>
          sum + [error, fpr, fnr].filter(({ tests }) => tests.both !== null).length,
        0,
      ),
    nullControl: null,
    deep: false,
  };
}

function compare(
  examples: AuditExamples,
  baseline: Audited,
  level: Audited,
  subgroups: readonly SubgroupRow[],
  options: AuditOptions,
): Omit<Comparison, 'associations'> {
  const { name } = level.population;
  const classes = examples.classes.length;
  const sizes = [baseline.summary.members, level.summary.members] as const;
  const scores = taxicabScores(baseline.summary.votes, level.summary.votes, classes, ...sizes);
  const ranking = rankByScore(scores, stream(options.seed, 'taxicab-ties', name));
  const cies = modalCie(baseline.summary, level.summary, classes);
  return {
    level: name,
    population: level.summary,
    modalCie: { ...cies, count: uncertainCount(cies.indices.length, examples.ids.length, new Float64Array()) },
    taxicab: { scores, ranking },
    jaccard: { scores: jaccardScores(baseline.summary.votes, level.summary.votes, classes, ...sizes) },
    accuracy: accuracyTable(baseline, level, cies.isCie, ranking, options.percentiles),
    accuracyCurve: accuracyCurve(baseline, level, ranking),
    subgroups,
    equalizedOddsBias: Object.fromEntries(
      examples.attributes.map((attribute) => {
        const rows = subgroups.filter((row) => row.n > 0 && isUnitary(row, attribute.name));
        return [
          attribute.name,
          {
            baseline: equalizedOddsBias(rows.map((row) => row.baseline)),
            compressed: equalizedOddsBias(rows.map((row) => row.compressed)),
            uncertain: null,
          },
        ];
      }),
    ),
    representation: representation(examples, cies.isCie),
    slices: null,
    enough: null,
  };
}

function isUnitary(row: SubgroupRow, attribute: string): boolean {
  return Object.hasOwn(row.group, attribute) && Object.keys(row.group).length === 1;
}
