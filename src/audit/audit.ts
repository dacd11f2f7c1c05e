import { stream } from '#lib/random.ts';
import { accuracyByScore } from './accuracy.ts';
import { associations } from './agreement.ts';
import { uncertainCount } from './cie-count.ts';
import { depthParts, withDepth } from './depth.ts';
import { jaccardScores, taxicabScores } from './distances.ts';
import { equalizedOddsBias } from './equalized-odds.ts';
import { GroupIndex } from './group-index.ts';
import { modalCie } from './modal-cie.ts';
import type { PredictionTable } from './predictions.ts';
import { prepareTable, type PreparedLevel, type PreparedTable } from './prepared.ts';
import { rankByScore } from './ranking.ts';
import { countValues, representation, representedColumns } from './representation.ts';
import type { AuditNumbers, AuditOptions, AuditResult, Comparison, Rates } from './result.ts';
import { NUMBERS, RATE, readNumber } from './subgroup-layout.ts';
import { subgroupNumbers } from './subgroup-numbers.ts';
import { resultOf } from './subgroup-rows.ts';

/**
 * Compares every compressed population with the baseline, by all measures. Deterministic in the table and the options; the
 * order of members and of classes changes nothing but what ties decide. Works without examples (every rate is then null).
 * Throws as `prepareTable`.
 */
export function audit(table: PredictionTable, options: AuditOptions): AuditResult {
  const prepared = prepareTable(table, options);
  const quick = quickAudit(prepared);
  let result = resultOf(quick);
  for (const part of depthParts(prepared, quick)) if (part !== undefined) result = withDepth(result, part);
  return result;
}

/** Everything that has a closed form: all but what `depth.ts` adds. */
export function quickAudit(prepared: PreparedTable): AuditNumbers {
  const { examples, options, features, baseline, levels, positive } = prepared;
  const index = new GroupIndex(examples, features, positive);
  const { testedChanges, ...subgroups } = subgroupNumbers(prepared, index);
  const columns = representedColumns(examples);
  const sizes = countValues(columns, null);
  const compared = levels.map((level, i) => {
    const comparison = compare(prepared, level);
    const counts = countValues(columns, comparison.modalCie.indices);
    return {
      ...comparison,
      counts,
      equalizedOddsBias: biases(prepared, index, subgroups.levels[i]!),
      representation: representation(examples, comparison.modalCie.indices.length, sizes, counts),
    };
  });
  const associated = associations(
    examples,
    sizes,
    compared.map(({ counts }) => counts),
  );
  return {
    options,
    classes: examples.classes,
    examples: examples.labels.length,
    baseline: baseline.summary,
    comparisons: compared.map(({ counts: _, ...comparison }, i) => ({ ...comparison, associations: associated[i]! })),
    subgroups,
    testedChanges,
    nullControl: null,
    controlled: false,
    deep: false,
    failure: null,
  };
}

/** What does not go by subgroup. */
function compare({ examples, baseline, options }: PreparedTable, { level }: PreparedLevel) {
  const { name } = level.population;
  const classes = examples.classes.length;
  const sizes = [baseline.summary.members, level.summary.members] as const;
  const scores = taxicabScores(baseline.summary.votes, level.summary.votes, classes, ...sizes);
  const ranking = rankByScore(scores, sizes[0] * sizes[1], stream(options.seed, 'taxicab-ties', name));
  const cies = modalCie(baseline.summary, level.summary, classes);
  return {
    level: name,
    population: level.summary,
    modalCie: { ...cies, count: uncertainCount(cies.indices.length, examples.labels.length, new Float64Array()) },
    taxicab: { scores, ranking },
    jaccard: { scores: jaccardScores(baseline.summary.votes, level.summary.votes, classes, ...sizes) },
    ...accuracyByScore(baseline, level, cies.isCie, ranking, options.percentiles),
    slices: null,
    enough: null,
  };
}

/** Of every attribute, over its values that occur. */
function biases(
  { examples }: PreparedTable,
  index: GroupIndex,
  numbers: Float64Array,
): Comparison['equalizedOddsBias'] {
  return Object.fromEntries(
    examples.attributes.map(({ name }, attribute) => {
      const groups = index.unitary[attribute]!.filter((group) => index.sizes[group]!.n > 0);
      const of = (side: number): number | null =>
        equalizedOddsBias(
          groups.map((group): Pick<Rates, 'fpr' | 'fnr'> => {
            const at = group * NUMBERS + side;
            return { fpr: readNumber(numbers, at + RATE.length), fnr: readNumber(numbers, at + 2 * RATE.length) };
          }),
        );
      return [name, { baseline: of(RATE.baseline), compressed: of(RATE.compressed), uncertain: null }];
    }),
  );
}
