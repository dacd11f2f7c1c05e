import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { memberTable } from '#audit/member-table.ts';
import type { AuditExamples, PredictionTable } from '#audit/predictions.ts';
import { levelName, sourceLevels } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import { EMBEDDED_MEMBER, type Admission } from '#engine/protocol/run.ts';
import { keyText } from '#engine/protocol/worker-methods.ts';
import { ok, type Result } from '#lib/result.ts';
import { compactForm } from '#sources/formats/members-csv.ts';
import { writeNpy } from '#sources/formats/npy.ts';
import { predictionRows, predictionsCsv } from '#sources/formats/predictions-csv.ts';
import { packBundle, type Bundle } from '#storage/bundle.ts';
import { attempt } from './answer.ts';
import { auditFiles } from './audit.ts';
import type { AuditArguments } from './audit-arguments.ts';
import { writeWhole } from './files.ts';
import { readMember, type KeptMember } from './member-files.ts';
import { FILES } from './run-folder.ts';

const BASELINE = levelName({ kind: 'baseline' });

/** More rows than this are written in the compact form. */
const MOST_ROWS = 2_000_000;

export interface OutputInput {
  readonly run: string;
  readonly plan: Plan;
  readonly examples: AuditExamples;
  /** The text of examples.csv. */
  readonly examplesText: string;
  /** As a bundle carries it: whole, or named where it is built in. */
  readonly dataset: Bundle['dataset'];
  readonly members: readonly KeptMember[]; // weights are read where they are needed
  readonly admission: Admission | null;
  readonly onStage: (stage: string) => void;
}

/** Writes everything that follows from finished members, each file whole or not at all. Says what was found in a few lines. */
export function writeOutput(input: OutputInput): Result<string> {
  const { run, plan, examples, members, onStage } = input;
  const results = members.map(({ result }) => result);
  const table = memberTable(BASELINE, plan.levels.map(levelName), results, examples);
  onStage('Writing predictions');
  const written = writeWhole(join(run, FILES.examples), [input.examplesText]);
  if (!written.ok) return written;
  const predictions = writePredictions(run, table);
  if (!predictions.ok) return predictions;
  let found = '';
  if (table !== null && table.compressed.length > 0) {
    onStage('Auditing');
    const result = attempt(() =>
      auditFiles({
        examples: join(run, FILES.examples),
        ...predictions.value,
        out: join(run, FILES.audit),
        baseline: table.baseline.name,
        positive: plan.question.positive,
        attributes: null,
        options: { tieRule: 'largest-class', seed: plan.seed, percentiles: [90, 95, 99], minCount: 1 },
      }),
    );
    if (!result.ok) return result;
    for (const { level, modalCie } of result.value.comparisons)
      found += `${level}: ${String(modalCie.indices.length)} Modal CIE of ${String(result.value.examples)} examples\n`;
  }
  onStage('Packing the audit for the app');
  const bundle = writeBundle(input);
  return bundle.ok ? ok(found) : bundle;
}

type PredictionFiles = Pick<AuditArguments, 'predictions' | 'members' | 'probabilities'>;

/** One of the two forms; a file of the other is removed. No baseline member, no predictions. */
function writePredictions(run: string, table: PredictionTable | null): Result<PredictionFiles> {
  const [rows, matrix, names, likely] = [FILES.predictions, FILES.matrix, FILES.members, FILES.probabilities].map(
    (name) => join(run, name),
  );
  const remove = (paths: readonly string[]): void => {
    for (const path of paths) if (existsSync(path)) rmSync(path);
  };
  if (table === null) {
    remove([rows!, matrix!, names!, likely!, join(run, FILES.audit)]);
    return ok({ predictions: rows!, members: null, probabilities: null });
  }
  const isLarge = predictionRows(table.examples, [table.baseline, ...table.compressed]) > MOST_ROWS;
  const compact = isLarge ? compactForm(table) : null;
  if (compact === null) {
    remove([matrix!, names!, likely!]);
    const written = writeWhole(rows!, predictionsCsv(table.examples, [table.baseline, ...table.compressed]));
    return written.ok ? ok({ predictions: rows!, members: null, probabilities: null }) : written;
  }
  remove([rows!, likely!]);
  const writtenMatrix = writeWhole(matrix!, [writeNpy(compact.matrix)]);
  if (!writtenMatrix.ok) return writtenMatrix;
  const writtenNames = writeWhole(names!, [compact.members]);
  if (!writtenNames.ok) return writtenNames;
  const files = { predictions: matrix!, members: names! };
  if (compact.probabilities === null) return ok({ ...files, probabilities: null });
  const writtenLikely = writeWhole(likely!, [writeNpy(compact.probabilities)]);
  return writtenLikely.ok ? ok({ ...files, probabilities: likely! }) : writtenLikely;
}

/**
 * The bundle that the app opens. Of the weights it carries those that the app would need to go on: of members from which
 * others are still to be made. Embeddings are read back from the one member that has them.
 */
function writeBundle({ run, plan, dataset, members, admission }: OutputInput): Result<null> {
  const planned = plan.members * (1 + plan.levels.length);
  const isDone = members.length === planned;
  const isMade = new Set(members.map(({ result }) => keyText(result.key)));
  const packed: Bundle['members'][number][] = [];
  for (const { result } of members) {
    const { level, index } = result.key;
    const isNeeded = sourceLevels(plan.levels, (other) => isMade.has(keyText({ level: other, index }))).has(level);
    if (!isNeeded && !(level === BASELINE && index === EMBEDDED_MEMBER)) {
      packed.push(result);
      continue;
    }
    const member = readMember(run, result.key);
    if (!member.ok) return member;
    packed.push(isNeeded ? member.value.result : { ...member.value.result, weights: result.weights });
  }
  const bundle = packBundle({
    record: {
      schemaVersion: 1,
      id: crypto.randomUUID(),
      name: `${plan.dataset.name}, “${plan.question.target}”`,
      createdAt: new Date().toISOString(),
      status: isDone ? 'done' : 'stopped',
      plan,
      planned,
      datasetHash: plan.dataset.hash,
      admission,
    },
    dataset,
    members: packed,
    labels: [],
  });
  return writeWhole(join(run, FILES.bundle), [bundle]);
}
