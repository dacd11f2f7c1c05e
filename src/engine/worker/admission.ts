import type { Executor } from '#engine/executors/executor.ts';
import type { OptimizerSpec } from '#engine/model/plan.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { admissionProblem } from '#engine/worker/admission-problem.ts';
import type { AdmissionProblem } from '#engine/worker/admission-problem.ts';
import { withTimeLimit } from '#engine/worker/time-limit.ts';
import { fail, ok } from '#lib/result.ts';
import type { Result } from '#lib/result.ts';

const GRADIENT_TOLERANCE = 1e-4;
const OPTIMIZER_TOLERANCE = 1e-3;
const TIME_LIMIT_MS = 10_000;
/** A software adapter that was asked for by name takes most of this to compile its programs. */
const SOFTWARE_TIME_LIMIT_MS = 60_000;
const SGD: OptimizerSpec = { kind: 'sgd', momentum: 0 };
const OPTIMIZERS: readonly OptimizerSpec[] = [
  { kind: 'sgd', momentum: 0.9 },
  // A large epsilon: with a tiny one Adam makes whole steps of gradients that are nothing but rounding.
  { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-3 },
];

/** What the admission problem gives on one executor. */
interface Answers {
  /** [member, parameterCount] */
  readonly gradient: Float32Array;
  readonly loss: Float32Array; // [member]
  readonly logits: Float32Array; // [member, example, class]
  /** How far the parameters went in a few steps of each optimizer. */
  readonly moved: readonly Float32Array[];
}

/**
 * Whether an executor may be trusted with a run: gradients against the float64 reference (1e-4 of the largest gradient of
 * each tensor), a few steps of each optimizer, the same result twice, and nothing left allocated. A backend that computes
 * wrongly, leaks or does not answer in ten seconds (a software adapter: a minute) is refused with the reason. The executor's data are replaced.
 */
export async function admit(executor: Executor, reference: Executor): Promise<Result<null>> {
  const problem = admissionProblem();
  try {
    const expected = await answer(reference, problem);
    const test = async (): Promise<string | null> => {
      const first = await answer(executor, problem);
      const wrong = disagreement(problem.program, first, expected);
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
  for (const optimizer of OPTIMIZERS) {
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
  return { gradient: difference(before, after), loss, logits, moved };
}

const difference = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, i) => value - b[i]!);

/** What is wrong, or null. Not a number is never right. */
function disagreement(program: StepProgram, got: Answers, expected: Answers): string | null {
  if (!close(got.logits, expected.logits, GRADIENT_TOLERANCE)) return 'its predictions are wrong';
  if (!close(got.loss, expected.loss, GRADIENT_TOLERANCE)) return 'its cross-entropy is wrong';
  for (const tensor of program.tensors) {
    for (let at = tensor.offset; at < got.gradient.length; at += program.parameterCount) {
      const [mine, right] = [got.gradient, expected.gradient].map((all) => all.subarray(at, at + tensor.size));
      if (!close(mine!, right!, GRADIENT_TOLERANCE)) return `the gradient of ${tensor.name} is wrong`;
    }
  }
  for (const [i, optimizer] of OPTIMIZERS.entries()) {
    if (!close(got.moved[i]!, expected.moved[i]!, OPTIMIZER_TOLERANCE))
      return `its ${optimizer.kind} optimizer is wrong`;
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
  const parts = ({ gradient, loss, logits, moved }: Answers): readonly Float32Array[] => [
    gradient,
    loss,
    logits,
    ...moved,
  ];
  const others = parts(b);
  return parts(a).every((part, i) => part.every((value, j) => value === others[i]![j]));
}
