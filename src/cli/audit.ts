import { audit } from '#audit/audit.ts';
import { auditText } from '#audit/audit-json.ts';
import type { PredictionTable } from '#audit/predictions.ts';
import type { AuditResult } from '#audit/result.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { readExamplesCsv } from '#sources/formats/examples-csv.ts';
import { compactPredictions, readMembersCsv, type ProbabilityMatrix } from '#sources/formats/members-csv.ts';
import { readNpy, readNpyFloats } from '#sources/formats/npy.ts';
import { predictionTable } from '#sources/formats/prediction-table.ts';
import { readPredictionsCsv } from '#sources/formats/predictions-csv.ts';
import { quoted } from '#sources/formats/refusal.ts';
import { auditArguments, type AuditArguments } from './audit-arguments.ts';
import { answer, attempt } from './answer.ts';
import { readBytes, textOf, writeWhole } from './files.ts';

/**
 * `cli audit`: audits predictions from files and writes `audit.json`. Returns the exit status: 0, or 2 for bad input with
 * exactly one line on the error output and no output file. Without `--positive` the last class as text is positive ("1" of
 * "0" and "1").
 */
export function auditCommand(args: readonly string[]): number {
  return answer(attempt(() => run(args)));
}

function run(args: readonly string[]): Result<string> {
  const parsed = auditArguments(args);
  if (!parsed.ok) return parsed;
  const result = auditFiles(parsed.value);
  return result.ok ? ok(summary(result.value, parsed.value.out)) : result;
}

/** Audits files and writes `audit.json`. Throws a ProblemError where a file cannot be read. */
export function auditFiles(args: AuditArguments): Result<AuditResult> {
  const table = readTable(args);
  if (!table.ok) return table;
  const { examples } = table.value;
  const positive = args.positive ?? examples.classes.at(-1)!;
  if (!examples.classes.includes(positive)) {
    return fail(
      'arguments',
      `--positive is ${quoted(positive)}, expected one of the classes ${quoted(examples.classes.join(', '))}`,
    );
  }
  const result = audit(table.value, { ...args.options, positive });
  const written = writeWhole(args.out, auditText(result, examples));
  return written.ok ? ok(result) : written;
}

function readTable(args: AuditArguments): Result<PredictionTable> {
  const examples = readExamplesCsv(textOf(args.examples), args.examples, args.attributes);
  if (!examples.ok) return examples;
  if (args.members === null) {
    const predictions = readPredictionsCsv(textOf(args.predictions), args.predictions, examples.value);
    return predictions.ok ? predictionTable(examples.value, predictions.value, args.baseline) : predictions;
  }
  const members = readMembersCsv(textOf(args.members), args.members);
  if (!members.ok) return members;
  const bytes = readBytes(args.predictions);
  if (!bytes.ok) return bytes;
  const matrix = readNpy(bytes.value, args.predictions);
  if (!matrix.ok) return matrix;
  const likely = args.probabilities === null ? ok(null) : readProbabilities(args.probabilities);
  if (!likely.ok) return likely;
  const predictions = compactPredictions(matrix.value, args.predictions, members.value, examples.value, likely.value);
  return predictions.ok ? predictionTable(examples.value, predictions.value, args.baseline) : predictions;
}

function readProbabilities(file: string): Result<ProbabilityMatrix> {
  const bytes = readBytes(file);
  if (!bytes.ok) return bytes;
  const matrix = readNpyFloats(bytes.value, file);
  return matrix.ok ? ok({ matrix: matrix.value, file }) : matrix;
}

function summary(result: AuditResult, out: string): string {
  const lines = [`${out}: ${String(result.examples)} examples, positive class ${quoted(result.options.positive)}`];
  for (const { level, population, modalCie } of result.comparisons) {
    const tied = modalCie.tieDependentIndices.length;
    lines.push(
      `${quoted(level)}: ${String(population.members)} members against ${String(result.baseline.members)}, ` +
        `${String(modalCie.indices.length)} Modal CIE (${String(tied)} examples depend on ties)`,
    );
  }
  return `${lines.join('\n')}\n`;
}
