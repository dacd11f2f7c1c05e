import type { Population, PredictionTable } from '#audit/predictions.ts';
import { ok, type Result } from '#lib/result.ts';
import { auditedRows, sortedDistinct, toAuditExamples, type ExamplesTable } from './examples-csv.ts';
import type { RawPopulation, RawPredictions } from './predictions-csv.ts';
import { quoted, refuse } from './refusal.ts';

/**
 * Joins examples and predictions into the table that is audited. The classes are all true and predicted labels of the files,
 * sorted as text. Every member must have a prediction for every audited example; predictions for other rows are left out.
 * Populations may differ in size; one has probabilities where each of its members has all. Refused: no population named `baselineName`, none beside it, a missing prediction.
 */
export function predictionTable(
  examples: ExamplesTable,
  predictions: RawPredictions,
  baselineName = 'baseline',
): Result<PredictionTable> {
  const { file, populations } = predictions;
  const baseline = populations.find(({ name }) => name === baselineName);
  const compressed = populations.filter(({ name }) => name !== baselineName);
  if (baseline === undefined) {
    const found = quoted(populations.map(({ name }) => name).join(', '));
    return refuse(
      'predictions-baseline',
      { file, row: 2, column: 'population' },
      `no population is named ${quoted(baselineName)}, expected one; found ${found}`,
    );
  }
  if (compressed.length === 0) {
    return refuse(
      'predictions-baseline-only',
      { file, row: baseline.members.at(-1)!.lastRow, column: 'population' },
      `${quoted(baselineName)} is the only population, expected at least one more to compare it with`,
    );
  }
  const classes = sortedDistinct([...examples.labels, ...predictions.labels]);
  if (classes.length > 65_535) {
    return refuse(
      'predictions-classes',
      { file, row: 1, column: 'predicted_label' },
      'there are more than 65535 classes, expected fewer',
    );
  }
  const rows = auditedRows(examples, predictions.hasPredictions);
  const indexOfClass = new Map(classes.map((name, i) => [name, i]));
  const classOfCode = Uint16Array.from(predictions.labels, (label) => indexOfClass.get(label)!);
  const gathered: Population[] = [];
  for (const population of [baseline, ...compressed]) {
    const result = gather(population, rows, classOfCode, examples, file);
    if (!result.ok) return result;
    gathered.push(result.value);
  }
  const [first, ...others] = gathered;
  return ok({ examples: toAuditExamples(examples, rows, classes), baseline: first!, compressed: others });
}

function gather(
  population: RawPopulation,
  rows: Uint32Array,
  classOfCode: Uint16Array,
  examples: ExamplesTable,
  file: string,
): Result<Population> {
  const { name, members } = population;
  const predictions = new Uint16Array(members.length * rows.length);
  const isLikely = members.every((member) => member.probabilities !== null);
  const probabilities = new Uint16Array(isLikely ? predictions.length : 0);
  let at = 0;
  for (const member of members) {
    for (const row of rows) {
      const label = classOfCode[member.codes[row]!];
      if (label === undefined) {
        return refuse(
          'predictions-missing',
          { file, row: member.lastRow, column: 'example_id' },
          `member ${quoted(member.name)} of population ${quoted(name)}, whose last row this is, has no prediction for the example ${quoted(examples.ids[row]!)} of ${examples.file}, row ${String(examples.rows[row])}; expected one for every audited example`,
        );
      }
      if (isLikely) probabilities[at] = member.probabilities![row]!;
      predictions[at++] = label;
    }
  }
  const gathered = { name, members: members.map((member) => member.name), predictions };
  return ok(isLikely ? { ...gathered, probabilities } : gathered);
}
