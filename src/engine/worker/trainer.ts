import { parameterMask } from '#compression/mask.ts';
import { sparsityAt, updatesMaskAt } from '#compression/schedule.ts';
import type { Chunk } from '#engine/executors/executor.ts';
import { batchOrder } from '#engine/model/batches.ts';
import { initialParameters } from '#engine/model/initial.ts';
import type { TrainingTask } from '#engine/protocol/worker-methods.ts';
import { BREATH_MS } from '#engine/worker/control.ts';
import { memberResult } from '#engine/worker/member-result.ts';
import { devicePace, lossSteps } from '#engine/worker/pace.ts';
import { predictAudit } from '#engine/worker/prediction.ts';
import type { MemberStream, RunContext } from '#engine/worker/run-context.ts';

/** A mean loss of so many times that of guessing is no training any more. */
const LOSS_BOUND = 100;

/**
 * Trains members together in one chunk and predicts the audit split with them. They may belong to different levels: each
 * has its own batches and its own mask schedule. Yields the state of all about every 30 ms and each member as it is done;
 * the consumer lets messages in between, and `return()` gives everything up and frees the chunk. What is computed depends on
 * the plan, the data and the executor only, not on the clock, nor on which members share a chunk.
 * A member diverges if its loss, a weight or a logit is not finite, or its last loss is 100 times that of guessing.
 */
export async function* trainMembers(context: RunContext, tasks: readonly TrainingTask[]): MemberStream {
  const { plan, program, executor, now } = context;
  const beganAt = now();
  const chunk = executor.createChunk({
    program,
    members: tasks.length,
    batchSize: plan.batchSize,
    optimizer: plan.optimizer,
    parameters: joined(tasks.map(({ key }) => initialParameters(program, plan.seed, key.index))),
  });
  try {
    const masks = new Float32Array(tasks.length * program.parameterCount).fill(1);
    const orders = tasks.map(({ key }) => batchOrder(plan.seed, key.index, context.trainIndices, plan.batchSize));
    const learningRate = new Float32Array(tasks.length).fill(plan.learningRate);
    const curves = tasks.map((): number[] => []);
    const diverged = tasks.map(() => false);
    const curveSteps = lossSteps(plan.steps);
    const pace = devicePace(now);
    let losses: Float32Array | null = null;
    let yieldedAt = beganAt;
    const state = (step: number) => ({
      kind: 'progress' as const,
      training: tasks.map(({ key }, i) => ({ key, step, loss: losses?.[i] ?? null })),
    });

    yield state(0);
    await updateMasks(context, chunk, tasks, masks, 0);
    for (let step = 1; step <= plan.steps && !diverged.every(Boolean); step++) {
      chunk.step(joined(orders.map((order) => order.next())), learningRate);
      await updateMasks(context, chunk, tasks, masks, step);
      if (pace.queued() || curveSteps.has(step)) {
        losses = await chunk.loss();
        pace.waited();
        losses.forEach((loss, i) => {
          if (curveSteps.has(step)) curves[i]!.push(step, loss);
          if (!Number.isFinite(loss)) diverged[i] = true;
        });
      }
      if (now() - yieldedAt >= BREATH_MS) {
        yield state(step);
        yieldedAt = now();
      }
    }
    const bound = LOSS_BOUND * Math.log(Math.max(2, program.classes));
    losses?.forEach((loss, i) => {
      if (loss > bound) diverged[i] = true;
    });

    const parameters = await chunk.parameters();
    const prediction = predictAudit(context, chunk, { kind: 'none' });
    let part = await prediction.next();
    while (part.done !== true) {
      yield state(plan.steps);
      part = await prediction.next();
    }
    const durationMs = (now() - beganAt) / tasks.length;
    for (const [position, { key, spec }] of tasks.entries()) {
      const begin = position * program.parameterCount;
      const weights = parameters.slice(begin, begin + program.parameterCount);
      if (spec.kind === 'pruned') applyMask(weights, masks.subarray(begin, begin + program.parameterCount));
      const result = memberResult(context, {
        key,
        spec,
        position,
        weights,
        predictions: part.value,
        lossCurve: curves[position]!,
        diverged: diverged[position]!,
        quantized: [],
        durationMs,
      });
      yield { kind: 'member', result };
    }
  } finally {
    chunk.dispose();
  }
}

/** Makes the masks anew that their schedules ask for after `step` steps; reads weights back only then. */
async function updateMasks(
  { program }: RunContext,
  chunk: Chunk,
  tasks: readonly TrainingTask[],
  masks: Float32Array, // [member, parameterCount], updated
  step: number,
): Promise<void> {
  if (!tasks.some(({ spec }) => spec.kind === 'pruned' && updatesMaskAt(spec, step))) return;
  const parameters = await chunk.parameters();
  tasks.forEach(({ spec }, i) => {
    if (spec.kind !== 'pruned' || !updatesMaskAt(spec, step)) return;
    const own = (all: Float32Array): Float32Array =>
      all.subarray(i * program.parameterCount, (i + 1) * program.parameterCount);
    parameterMask(program.tensors, own(parameters), sparsityAt(spec, step), spec.semantics, own(masks));
  });
  chunk.setMask(masks);
}

/** In place. A masked weight is 0 even where its raw value is not a number. */
function applyMask(weights: Float32Array, mask: Float32Array): void {
  for (let i = 0; i < weights.length; i++) if (mask[i] === 0) weights[i] = 0;
}

/** Arrays of one kind, one after the other. */
function joined<T extends Float32Array | Int32Array>(parts: readonly T[]): T {
  const [first] = parts;
  if (first === undefined) throw new Error('A chunk needs at least one member.');
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const all = (first instanceof Int32Array ? new Int32Array(length) : new Float32Array(length)) as T; // the kind of its parts
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
