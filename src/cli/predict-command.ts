import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { auditExamples } from '#audit/examples.ts';
import type { AuditExamples } from '#audit/predictions.ts';
import { levelPopulations, type FinishedMember } from '#audit/member-table.ts';
import { levelName } from '#compression/spec.ts';
import { trainingData } from '#dataset/training-data.ts';
import type { Executor } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import { memberProgram } from '#engine/model/member-program.ts';
import type { Plan } from '#engine/model/plan.ts';
import { parsePlan } from '#engine/model/plan-file.ts';
import { predictMember } from '#engine/worker/member-prediction.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { predictionsCsv } from '#sources/formats/predictions-csv.ts';
import { quoted, refuse } from '#sources/formats/refusal.ts';
import { readWeightsFile, type WeightsFile } from '#storage/weights.ts';
import { answer } from './answer.ts';
import { DATA_OPTIONS, dataArguments } from './data-arguments.ts';
import { codeOf, readBytes, writeWhole } from './files.ts';
import { buildKernels } from './kernels.ts';
import { badOption, readOptions } from './options.ts';
import { planFor } from './plan-input.ts';
import { readData } from './read-data.ts';

const PREDICT_OPTIONS = [...DATA_OPTIONS, 'weights', 'out', 'backend'] as const;
const ENDING = '.safetensors';

/** `cli predict`: predicts the audit split again from weights in files. Returns the exit status. */
export async function predictCommand(args: readonly string[]): Promise<number> {
  return answer(await predict(args));
}

/** Does it and says for each member how often it was right. */
export async function predict(args: readonly string[]): Promise<Result<string>> {
  const read = readOptions(args, PREDICT_OPTIONS);
  if (!read.ok) return read;
  const { values } = read.value;
  const { weights, out, backend = 'simd' } = values;
  if (weights === undefined || weights === '')
    return badOption(`--weights is missing, expected a ${ENDING} file or a folder of them`);
  if (out === undefined || out === '') return badOption('--out is missing, expected the path of a file');
  if (backend !== 'simd' && backend !== 'reference')
    return badOption(`--backend is ${quoted(backend)}, expected simd or reference`);
  const place = dataArguments(values);
  if (!place.ok) return place;
  const opened = openWeights(weights);
  if (!opened.ok) return opened;
  const { files, plan: given } = opened.value;
  const loaded = await readData(place.value, {
    asked: given.question,
    hash: given.dataset.hash,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  if (!loaded.ok) return loaded;
  const { dataset } = loaded.value;
  const plan = planFor(given, dataset, files[0]!.path);
  if (!plan.ok) return plan;
  if (backend === 'simd') buildKernels();
  const executor = backend === 'simd' ? await createSimdExecutor() : createReferenceExecutor();
  const members = await predictFiles(executor, files, plan.value, trainingData(dataset, plan.value.question));
  executor.dispose();
  if (!members.ok) return members;
  return writePredictions(out, plan.value, members.value, auditExamples(dataset, plan.value.question).examples);
}

interface OpenFile {
  readonly path: string;
  readonly file: WeightsFile;
}

/** The files at a path and the plan that they have in common. */
function openWeights(path: string): Result<{ readonly files: readonly OpenFile[]; readonly plan: Plan }> {
  const paths = weightPaths(path);
  if (!paths.ok) return paths;
  const files: OpenFile[] = [];
  const plans = new Set<string>();
  for (const own of paths.value) {
    const bytes = readBytes(own);
    const file = bytes.ok ? readWeightsFile(bytes.value, own) : bytes;
    if (!file.ok) return file;
    files.push({ path: own, file: file.value });
    plans.add(JSON.stringify(file.value.plan));
    if (plans.size > 1) return refuse('weights', { file: own }, 'it is of another plan, expected members of one run');
  }
  const plan = parsePlan(files[0]!.file.plan);
  if (plan.ok) return ok({ files, plan: plan.value });
  return fail(plan.problem.code, `${files[0]!.path}: ${plan.problem.message}`, { file: files[0]!.path });
}

function weightPaths(path: string): Result<readonly string[]> {
  try {
    if (!statSync(path).isDirectory()) return ok([path]);
    const names = readdirSync(path)
      .filter((name) => name.endsWith(ENDING))
      .sort();
    if (names.length > 0) return ok(names.map((name) => join(path, name)));
    return refuse('file-read', { file: path }, `the folder holds no ${ENDING} file, expected one a member`);
  } catch (error) {
    return refuse('file-read', { file: path }, `cannot be read (${codeOf(error)}), expected a file or a folder`);
  }
}

interface Predicted extends FinishedMember {
  readonly accuracy: number;
}

async function predictFiles(
  executor: Executor,
  files: readonly OpenFile[],
  plan: Plan,
  data: ReturnType<typeof trainingData>,
): Promise<Result<readonly Predicted[]>> {
  const members: Predicted[] = [];
  for (const { path, file } of files) {
    const { key, spec } = file.member;
    if (members.some((other) => other.key.level === key.level && other.key.index === key.index)) {
      const sentence = `it holds member ${String(key.index)} of ${key.level} a second time, expected each member once`;
      return refuse('weights', { file: path }, sentence);
    }
    const member = file.weightsFor(memberProgram(plan, { input: data.input, classes: data.classes.length }, spec));
    if (!member.ok) return member;
    const predicted = await predictMember(executor, plan, data, member.value);
    members.push({
      key,
      predictions: predicted.classes[0]!,
      probabilities: predicted.probabilities[0]!,
      accuracy: predicted.accuracy[0]!,
      diverged: !predicted.finite[0]!,
    });
  }
  return ok(members);
}

/** Members that diverged are named and left out. */
function writePredictions(
  out: string,
  plan: Plan,
  members: readonly Predicted[],
  examples: AuditExamples,
): Result<string> {
  const levels = [levelName({ kind: 'baseline' }), ...plan.levels.map(levelName)];
  const populations = levelPopulations(levels, members, examples).filter((population) => population.members.length > 0);
  const written = writeWhole(out, predictionsCsv(examples, populations));
  if (!written.ok) return written;
  const said = members.map(({ key, accuracy, diverged }) => {
    const how = diverged
      ? 'diverged, left out'
      : `${(100 * accuracy).toFixed(2)} % of ${String(examples.ids.length)} right`;
    return `${key.level} ${String(key.index)}: ${how}\n`;
  });
  return ok(`${out}: ${String(members.length)} members\n${said.join('')}`);
}
