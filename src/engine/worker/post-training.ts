import type { PointAccount } from '#compression/account.ts';
import { calibrationSet } from '#compression/calibration.ts';
import { fixedInt8, hybridInt8 } from '#compression/post-training.ts';
import type { TensorGrid } from '#compression/post-training.ts';
import { levelName, stagesOf } from '#compression/spec.ts';
import type { ActivationQuantization, Chunk } from '#engine/executors/executor.ts';
import { foldParameters, foldedProgram } from '#engine/model/fold.ts';
import { memberProgram, trainingProgram } from '#engine/model/member-program.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import type { PostTrainingTask } from '#engine/protocol/worker-methods.ts';
import { countClipped } from '#engine/worker/clipped-activations.ts';
import { memberResult } from '#engine/worker/member-result.ts';
import { predictAudit } from '#engine/worker/prediction.ts';
import type { MemberStream, RunContext } from '#engine/worker/run-context.ts';

/** A post-training member for which the weights that it is made from are there. */
export interface QuantizationTask extends PostTrainingTask {
  readonly weights: Float32Array;
  /** Whether the member that it is made from is known to have diverged. */
  readonly diverged: boolean;
}

/** What quantization makes of the weights of one member. */
interface QuantizedMember {
  readonly parameters: Float32Array;
  readonly grids: readonly TensorGrid[];
  /** Where they are fixed. */
  readonly activations: readonly PointAccount[];
  readonly prediction: ActivationQuantization;
}

/**
 * Makes quantized members from those of the baseline, or of the stage that their pipeline trains, one after the other,
 * without training. Batch norm is folded first;
 * fixed-int8 takes its activation ranges from the calibration examples. Weights that are not finite cannot
 * be quantized: such a member diverged with the one it is made from, and keeps its (folded) weights and predictions.
 */
export async function* quantizeMembers(context: RunContext, tasks: readonly QuantizationTask[]): MemberStream {
  for (const task of tasks) yield* quantizeMember(context, task);
}

async function* quantizeMember(context: RunContext, task: QuantizationTask): MemberStream {
  const { plan, executor, now } = context;
  const { trained } = stagesOf(task.spec);
  const source = memberProgram(plan, context.program, trained);
  const program = foldedProgram(source);
  const weights = foldParameters(source, program, task.weights);
  const whole = foldedProgram(trainingProgram(plan, context.program, trained));
  const beganAt = now();
  const state = { kind: 'progress' as const, training: [{ key: task.key, step: plan.steps, loss: null }] };
  yield state;
  const chunk = executor.createChunk({
    program,
    members: 1,
    batchSize: plan.batchSize,
    optimizer: plan.optimizer,
    parameters: weights,
  });
  try {
    const quantized = await quantize({ ...context, program }, chunk, { ...task, weights });
    if (quantized !== null) chunk.setParameters(quantized.parameters);
    const prediction = predictAudit({ ...context, program }, chunk, quantized?.prediction ?? { kind: 'none' });
    let part = await prediction.next();
    while (part.done !== true) {
      yield state;
      part = await prediction.next();
    }
    const result: MemberResult = memberResult(
      { program, whole, executor },
      {
        key: task.key,
        spec: task.spec,
        position: 0,
        weights: quantized?.parameters ?? weights.slice(), // its buffer is handed on
        predictions: part.value,
        lossCurve: [],
        diverged: task.diverged || quantized === null,
        grids: quantized?.grids ?? [],
        activations: quantized?.activations ?? [],
        durationMs: now() - beganAt,
      },
    );
    yield { kind: 'member', result };
  } finally {
    chunk.dispose();
  }
}

/** null where weights or activations are not finite. The chunk holds the folded weights. */
async function quantize(
  { program, trainIndices, labels, inputs }: Pick<RunContext, 'program' | 'trainIndices' | 'labels' | 'inputs'>,
  chunk: Chunk,
  { key, spec, weights }: Pick<QuantizationTask, 'key' | 'spec' | 'weights'>,
): Promise<QuantizedMember | null> {
  if (!weights.every(Number.isFinite)) return null;
  const { quantized } = stagesOf(spec);
  if (quantized === null) throw new RangeError(`${levelName(spec)} has no post-training stage.`);
  switch (quantized.kind) {
    case 'hybrid-int8': {
      const { activations: prediction, ...member } = hybridInt8(program, weights, quantized);
      return { ...member, prediction, activations: [] };
    }
    case 'fixed-int8': {
      const examples = calibrationSet(trainIndices, labels, quantized);
      const ranges = await chunk.activationRanges(examples);
      if (!ranges.every(Number.isFinite)) return null;
      const { points, ...member } = fixedInt8(program, weights, ranges, quantized.bits);
      const activations = countClipped({ program, inputs }, key, weights, examples, member.activations);
      return { ...member, activations, prediction: { kind: 'fixed', points: [points] } };
    }
    default:
      return quantized satisfies never;
  }
}
