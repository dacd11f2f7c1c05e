import type { Executor } from '#engine/executors/executor.ts';
import type { OptimizerSpec } from '#engine/model/plan.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { admissionProblems } from '#engine/worker/admission-problem.ts';
import type { AdmissionProblem, NeededPlan } from '#engine/worker/admission-problem.ts';
import { withTimeLimit } from '#engine/worker/time-limit.ts';
import { fail, ok } from '#lib/result.ts';
import type { Result } from '#lib/result.ts';

const GRADIENT_TOLERANCE = 1e-4;
const OPTIMIZER_TOLERANCE = 1e-3;
const TIME_LIMIT_MS = 10_000;
/** A software adapter that was asked for by name takes most of this to compile its programs. */
const SOFTWARE_TIME_LIMIT_MS = 60_000;
const SGD: OptimizerSpec = { kind: 'sgd', momentum: 0 };

/** What an admission problem gives on one executor. */
interface Answers {
  /** [member, parameterCount] */
  readonly gradient: Float32Array;
  readonly loss: Float32Array; // [member]
  readonly logits: Float32Array; // [member, example, class]
  /** How far the parameters went in a few steps of each optimizer. */
  readonly moved: readonly Float32Array[];
  /** The same of a step with fake quantization, and the ranges behind it. */
  readonly fake: { readonly gradient: Float32Array; readonly loss: Float32Array; readonly ranges: Float32Array } | null;
}

/**
 * Whether an executor may be trusted with a run: gradients against the float64 reference (1e-4 of the largest gradient of
 * each tensor), a few steps of each optimizer, the same result twice, and nothing left allocated. A backend that computes
 * wrongly, leaks or does not answer in ten seconds (a software adapter: a minute) is refused with the reason. What only some
 * plans need is tested where this one does. The executor's data are replaced.
 */
export async function admit(executor: Executor, reference: Executor, plan?: NeededPlan): Promise<Result<null>> {
  const problems = admissionProblems(plan);
  try {
    const test = async (): Promise<string | null> => {
      for (const problem of problems) {
        const refusal = await testOne(problem);
        if (refusal !== null) return refusal;
      }
      return null;
    };
    const testOne = async (problem: AdmissionProblem): Promise<string | null> => {
      const expected = await answer(reference, problem);
      const first = await answer(executor, problem);
      const wrong = disagreement(problem, first, expected);
      if (wrong !== null) return wrong;
      const settled = executor.allocated();
      const second = await answer(executor, problem);
      if (executor.allocated() !== settled) return 'it does not give back the memory of a finished chunk';
      return same(first, second) ? null : 'the same steps gave different weights the second time';
    };
    const limitMs = executor.software ? SOFTWARE_TIME_LIMIT_MS : TIME_LIMIT_MS;
    const late = `it did not answer within ${String(limitMs / 1000)} seconds`;
    const refusal = await withTimeLimit(test(), limitMs, late);
    return refusal === null ? ok(null) : fail('admission-failed', `It failed the admission test: ${refusal}.`);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return fail('admission-failed', `It failed the admission test: ${said.replace(/\.$/, '')}.`);
  }
}

async function answer(executor: Executor, problem: AdmissionProblem): Promise<Answers> {
  executor.load(problem.data);
  const members = problem.chunk(SGD).members;
  const rate = (value: number): Float32Array => new Float32Array(members).fill(value);

  const chunk = executor.createChunk(problem.chunk(SGD));
  const logits = await chunk.logits(problem.everyExample, { kind: 'none' });
  const before = await chunk.parameters();
  chunk.step(problem.batches[0]!, rate(1)); // one step of plain descent at rate 1 shows the gradient
  const loss = await chunk.loss();
  const after = await chunk.parameters();
  chunk.dispose();

  const moved: Float32Array[] = [];
  for (const optimizer of problem.optimizers) {
    const training = executor.createChunk(problem.chunk(optimizer));
    let steady: number | null = null;
    for (const batch of problem.batches) {
      training.step(batch, rate(0.01));
      await training.loss();
      const allocated = executor.allocated();
      if (steady !== null && allocated !== steady) throw new Error('the memory in use grows from step to step');
      steady = allocated;
    }
    moved.push(difference(await training.parameters(), before));
    training.dispose();
  }
  return { gradient: difference(before, after), loss, logits, moved, fake: await fakeAnswer(executor, problem) };
}

async function fakeAnswer(executor: Executor, { fake, batches }: AdmissionProblem): Promise<Answers['fake']> {
  if (fake === null) return null;
  const chunk = executor.createChunk(fake.chunk);
  chunk.setFakeQuantization(fake.quantization);
  const before = await chunk.parameters();
  chunk.step(batches[0]!, new Float32Array(fake.chunk.members).fill(1));
  const [loss, ranges] = [await chunk.loss(), await chunk.fakeRanges()];
  const gradient = difference(before, await chunk.parameters());
  chunk.dispose();
  return { gradient, loss, ranges };
}

const difference = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, i) => value - b[i]!);

/** What is wrong, or null. Not a number is never right. */
function disagreement(problem: AdmissionProblem, got: Answers, expected: Answers): string | null {
  if (!close(got.logits, expected.logits, GRADIENT_TOLERANCE)) return 'its predictions are wrong';
  if (!close(got.loss, expected.loss, GRADIENT_TOLERANCE)) return 'its cross-entropy is wrong';
  const wrong = wrongGradient(problem.program, got.gradient, expected.gradient);
  if (wrong !== null) return `the gradient of ${wrong} is wrong`;
  for (const [i, optimizer] of problem.optimizers.entries()) {
    if (!close(got.moved[i]!, expected.moved[i]!, OPTIMIZER_TOLERANCE))
      return `its ${optimizer.kind} optimizer is wrong`;
  }
  if (problem.fake === null) return null;
  const [fake, right] = [got.fake!, expected.fake!];
  if (!close(fake.ranges, right.ranges, GRADIENT_TOLERANCE)) return 'its ranges of fake quantization are wrong';
  if (!close(fake.loss, right.loss, GRADIENT_TOLERANCE)) return 'its cross-entropy under fake quantization is wrong';
  const rounded = wrongGradient(problem.fake.chunk.program, fake.gradient, right.gradient);
  return rounded === null ? null : `the gradient of ${rounded} under fake quantization is wrong`;
}

/** The first tensor whose gradient, or change of running statistics, is not that of the reference; null if there is none. */
function wrongGradient(program: StepProgram, got: Float32Array, expected: Float32Array): string | null {
  for (const { name, offset, size } of program.tensors) {
    for (let at = offset; at < got.length; at += program.parameterCount) {
      const [mine, right] = [got, expected].map((all) => all.subarray(at, at + size));
      if (!close(mine!, right!, GRADIENT_TOLERANCE)) return name;
    }
  }
  return null;
}

/** Whether every value is within `tolerance` of the largest expected magnitude, plus what float32 parameters can resolve. */
function close(got: Float32Array, expected: Float32Array, tolerance: number): boolean {
  if (got.length !== expected.length) return false;
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const limit = tolerance * largest + 1e-6;
  return expected.every((value, i) => Math.abs(got[i]! - value) <= limit);
}

function same(a: Answers, b: Answers): boolean {
  const parts = ({ gradient, loss, logits, moved, fake }: Answers): readonly Float32Array[] => [
    gradient,
    loss,
    logits,
    ...moved,
    ...(fake === null ? [] : [fake.gradient, fake.loss, fake.ranges]),
  ];
  const others = parts(b);
  return parts(a).every((part, i) => part.every((value, j) => value === others[i]![j]));
}
