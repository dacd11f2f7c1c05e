import { batchOrder } from '#engine/model/batches.ts';
import { viewOrder } from '#engine/model/augmentation.ts';
import { learningRateAt } from '#engine/model/learning-rate.ts';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import { EMBEDDED_MEMBER } from '#engine/protocol/run.ts';
import type { TrainingTask, WorkerEvent } from '#engine/protocol/worker-methods.ts';
import { fitText } from '#engine/worker/checkpoints.ts';
import type { Saver } from '#engine/worker/checkpoints.ts';
import { BREATH_MS } from '#engine/worker/control.ts';
import { finishedNet } from '#engine/worker/finished-net.ts';
import { memberResult } from '#engine/worker/member-result.ts';
import { devicePace, lossSteps } from '#engine/worker/pace.ts';
import { joined } from '#engine/worker/parts.ts';
import { embedAudit, predictAudit } from '#engine/worker/prediction.ts';
import type { MemberStream, RunContext } from '#engine/worker/run-context.ts';
import { askTeachers } from '#engine/worker/teacher.ts';
import { foldedNet, freshNet, restoredNet, smallerNet, updateMasks } from '#engine/worker/training-net.ts';

/** A mean loss of so many times that of guessing is no training any more. */
const LOSS_BOUND = 100;

/**
 * Trains members of one `chunkKind` together in one chunk and predicts the audit split with them. They may belong to
 * different levels: each has its own batches and its own mask schedule. Yields the state of all about every 30 ms and each
 * member as it is done; the consumer lets messages in between, and `return()` gives everything up and frees the chunk. What is
 * computed depends on the plan, the data and the executor only, not on the clock, nor on which members share a chunk, nor on
 * where the training was interrupted: between two events `saver.save` gives a checkpoint, and with `from` it goes on there.
 * A checkpoint that does not fit is left aside. Students ask their teachers first, also when they go on from a checkpoint.
 * A member diverges if its loss, a weight or a logit is not finite, or its last loss is 100 times that of guessing.
 */
export async function* trainMembers(
  context: RunContext,
  tasks: readonly TrainingTask[],
  from: Checkpoint | null = null,
  saver: Saver = { save: null },
): MemberStream {
  const { plan, now } = context;
  const keys = tasks.map(({ key }) => key);
  const fits = fitText(context, keys);
  const left = from?.fits === fits ? from : null;
  const beganAt = now() - (left?.elapsedMs ?? 0);
  const orders = keys.map(({ index }) => batchOrder(plan.seed, index, context.trainIndices, plan.batchSize));
  const { augmentation } = plan;
  const views = augmentation && keys.map(({ index }) => viewOrder(plan.seed, index, augmentation, plan.batchSize));
  left?.orders.forEach((order, i) => {
    orders[i]!.restore(order);
  });
  left?.views?.forEach((view, i) => {
    views?.[i]!.restore(view);
  });
  const curves = keys.map((_, i): number[] => [...(left?.curves[i] ?? [])]);
  const diverged = keys.map((_, i) => left?.diverged[i] ?? false);
  let losses = left?.losses ?? null;
  let finished = left?.step ?? 0;
  const state = () => ({
    kind: 'progress' as const,
    training: keys.map((key, i) => ({ key, step: finished, loss: losses?.[i] ?? null })),
  });
  const distillation = yield* during(askTeachers(context, tasks), state);
  let net = left === null ? freshNet(context, tasks, distillation) : restoredNet(context, tasks, distillation, left);
  try {
    const learningRate = new Float32Array(tasks.length);
    const curveSteps = lossSteps(plan.steps);
    const pace = devicePace(now);
    let yieldedAt = now();
    saver.save = async () => ({
      members: keys,
      fits,
      step: finished,
      chunk: await net.chunk.save(),
      folded: net.folded,
      masks: Uint8Array.from(net.masks),
      orders: orders.map((order) => order.save()),
      views: views?.map((view) => view.save()) ?? null,
      curves: curves.map((curve) => [...curve]),
      diverged: [...diverged],
      losses: losses?.slice() ?? null,
      elapsedMs: now() - beganAt,
    });
    const spec = tasks[0]?.spec;
    const aware = spec?.kind === 'qat-int8' ? spec : null;

    yield state();
    if (finished === 0) await updateMasks(net, tasks, 0);
    while (finished < plan.steps && !diverged.every(Boolean)) {
      if (aware !== null && !net.folded && finished >= aware.begin) net = await foldedNet(context, tasks, net, aware);
      const step = finished + 1;
      learningRate.fill(learningRateAt(plan, step));
      net.chunk.step(
        joined(orders.map((order) => order.next())),
        learningRate,
        views === undefined ? null : joined(views.map((view) => view.next())),
      );
      await updateMasks(net, tasks, step);
      finished = step;
      if (pace.queued() || curveSteps.has(step)) {
        const read = await net.chunk.loss();
        losses = read;
        pace.waited();
        read.forEach((loss, i) => {
          if (curveSteps.has(step)) curves[i]!.push(step, loss);
          if (!Number.isFinite(loss)) diverged[i] = true;
        });
      }
      if (now() - yieldedAt >= BREATH_MS) {
        yield state();
        yieldedAt = now();
      }
    }
    saver.save = null;
    if (aware !== null && !net.folded) net = await foldedNet(context, tasks, net, aware);
    if (spec?.kind === 'structured') net = await smallerNet(context, tasks, net, spec, finished);
    const bound = LOSS_BOUND * Math.log(Math.max(2, net.program.classes));
    losses?.forEach((loss, i) => {
      if (loss > bound) diverged[i] = true;
    });

    const trained = await finishedNet(context, net, tasks);
    const seen = { ...context, program: net.program };
    const predictions = yield* during(predictAudit(seen, net.chunk, trained.prediction), state);
    const seer = tasks.findIndex(({ key, spec }) => spec.kind === 'baseline' && key.index === EMBEDDED_MEMBER);
    const hasSeen = seer >= 0 && !diverged[seer]!;
    const embeddings = hasSeen ? yield* during(embedAudit(context, net.chunk, seer), state) : null;
    const durationMs = (now() - beganAt) / tasks.length;
    for (const [position, { key, spec }] of tasks.entries()) {
      const { weights, grids, activations } = trained.members[position]!;
      const result = memberResult(
        { program: net.program, whole: net.whole, executor: context.executor },
        {
          key,
          spec,
          position,
          weights,
          predictions,
          embeddings: position === seer ? embeddings : null,
          lossCurve: curves[position]!,
          diverged: diverged[position]!,
          grids,
          activations,
          durationMs,
        },
      );
      yield { kind: 'member', result };
    }
  } finally {
    saver.save = null;
    net.chunk.dispose();
  }
}

/** What a piece of work gives in the end; an event at every breath that it takes on the way. */
async function* during<T>(
  work: AsyncGenerator<null, T, undefined>,
  state: () => WorkerEvent,
): AsyncGenerator<WorkerEvent, T, undefined> {
  try {
    for (;;) {
      const part = await work.next();
      if (part.done === true) return part.value;
      yield state();
    }
  } finally {
    await work.return(undefined as T); // frees what it holds where it was given up; nobody looks at the value
  }
}
