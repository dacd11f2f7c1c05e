import { calibrationSet } from '#compression/calibration.ts';
import { parameterMask } from '#compression/mask.ts';
import { sparsityAt, updatesMaskAt } from '#compression/schedule.ts';
import type { PrunedSpec, QatInt8Spec, StructuredSpec } from '#compression/spec.ts';
import { unitMask } from '#compression/unit-mask.ts';
import type { Chunk, Distillation, FakeQuantization } from '#engine/executors/executor.ts';
import { foldParameters, foldedProgram } from '#engine/model/fold.ts';
import { initialParameters } from '#engine/model/initial.ts';
import { trainingProgram } from '#engine/model/member-program.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { smallerParameters, smallerProgram } from '#engine/model/smaller.ts';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import { chunkKind } from '#engine/protocol/worker-methods.ts';
import type { TrainingTask } from '#engine/protocol/worker-methods.ts';
import { fakePoints } from '#engine/worker/fake-points.ts';
import { joined, partOf } from '#engine/worker/parts.ts';
import type { RunContext } from '#engine/worker/run-context.ts';

/** Ranges forget over a twentieth of the steps, at least two and at most 100 of them. */
const MEMORY_SHARE = 20;
const MOST_MEMORY = 100;

/** The members of a job as they are trained: one chunk, of the program that is trained, the folded one, or a smaller one. */
export interface TrainingNet {
  readonly program: StepProgram;
  /** The program from which structured pruning has made it; else the same. */
  readonly whole: StepProgram;
  readonly chunk: Chunk;
  /** [member, parameterCount], 0 or 1 */
  readonly masks: Float32Array;
  readonly folded: boolean;
}

/** Members at the start of their training; with the teachers' logits where they are distilled. */
export function freshNet(
  context: RunContext,
  tasks: readonly TrainingTask[],
  distillation: Distillation | null,
): TrainingNet {
  const program = programOf(context, tasks);
  return openNet(context, tasks, program, {
    folded: false,
    parameters: joined(tasks.map(({ key }) => initialParameters(program, context.plan.seed, key.index))),
    distillation,
  });
}

/** The program in which tasks of one `chunkKind` are trained. */
function programOf({ plan, program }: RunContext, tasks: readonly TrainingTask[]): StepProgram {
  const spec = tasks[0]?.spec;
  return spec?.kind === 'distilled' ? trainingProgram(plan, program, spec) : program;
}

/** Members as a checkpoint left them. */
export function restoredNet(
  context: RunContext,
  tasks: readonly TrainingTask[],
  distillation: Distillation | null,
  from: Checkpoint,
): TrainingNet {
  const trained = programOf(context, tasks);
  const program = from.folded ? foldedProgram(trained) : trained;
  const parameters = new Float32Array(tasks.length * program.parameterCount);
  const net = openNet(context, tasks, program, { folded: from.folded, parameters, distillation });
  if (from.folded) {
    const ranges = new Float32Array(2 * tasks.length * (program.ops.length + 1)); // the true ones come with the state
    net.chunk.setFakeQuantization(fakeQuantization(program, ranges, roundedSteps(context, tasks)));
  }
  net.masks.set(from.masks);
  net.chunk.setMask(net.masks);
  net.chunk.restore(from.chunk);
  return net;
}

/**
 * The same members with batch norm folded, afresh for the optimizer, and with fake quantization from here on; the ranges
 * start from those of the calibration examples. The chunk of `net` is freed.
 */
export async function foldedNet(
  context: RunContext,
  tasks: readonly TrainingTask[],
  net: TrainingNet,
  spec: QatInt8Spec,
): Promise<TrainingNet> {
  const program = foldedProgram(net.program);
  const trained = await net.chunk.parameters();
  const parameters = joined(
    tasks.map((_, i) => foldParameters(net.program, program, partOf(trained, i, net.program.parameterCount))),
  );
  const folded = openNet(context, tasks, program, { folded: true, parameters });
  net.chunk.dispose();
  const ranges = await folded.chunk.activationRanges(calibrationSet(context.trainIndices, context.labels, spec));
  // A member that diverged has none; it is marked, and must not disturb the others.
  const finite = ranges.map((value) => (Number.isFinite(value) ? value : 0));
  folded.chunk.setFakeQuantization(fakeQuantization(program, finite, context.plan.steps - spec.begin));
  return folded;
}

/**
 * The same members without the filters and neurons that their masks leave out, ready to predict; for members that stand
 * after `step` steps. Where all have diverged before their last mask, that is made of what they have. The chunk of `net` is freed.
 */
export async function smallerNet(
  context: RunContext,
  tasks: readonly TrainingTask[],
  net: TrainingNet,
  spec: StructuredSpec,
  step: number,
): Promise<TrainingNet> {
  const program = smallerProgram(net.program, spec.sparsity);
  const trained = await net.chunk.parameters();
  const parameters = joined(
    tasks.map((_, i) => {
      const [weights, mask] = [trained, net.masks].map((all) => partOf(all, i, net.program.parameterCount));
      const last = step < spec.end ? unitMask(net.program, weights!, spec) : mask!;
      return smallerParameters(net.program, program, weights!, last);
    }),
  );
  const smaller = openNet(context, tasks, program, { whole: net.program, folded: false, parameters });
  net.chunk.dispose();
  return smaller;
}

/** Makes the masks anew that their schedules ask for after `step` steps; reads weights back only then. */
export async function updateMasks(
  { program, chunk, masks }: TrainingNet,
  tasks: readonly TrainingTask[],
  step: number,
): Promise<void> {
  const updated = tasks.map(({ spec }) => (isPruning(spec) && updatesMaskAt(spec, step) ? spec : null));
  if (updated.every((spec) => spec === null)) return;
  const parameters = await chunk.parameters();
  updated.forEach((spec, i) => {
    if (spec === null) return;
    const [weights, mask] = [parameters, masks].map((all) => partOf(all, i, program.parameterCount));
    const now = { ...spec, sparsity: sparsityAt(spec, step) };
    if (now.kind === 'structured') unitMask(program, weights!, now, mask);
    else parameterMask(program.tensors, weights!, now, mask);
  });
  chunk.setMask(masks);
}

const isPruning = (spec: TrainingTask['spec']): spec is PrunedSpec | StructuredSpec =>
  spec.kind === 'pruned' || spec.kind === 'structured';

function openNet(
  { plan, executor }: RunContext,
  tasks: readonly TrainingTask[],
  program: StepProgram,
  {
    whole = program,
    folded,
    parameters,
    distillation = null,
  }: {
    readonly whole?: StepProgram;
    readonly folded: boolean;
    readonly parameters: Float32Array;
    readonly distillation?: Distillation | null;
  },
): TrainingNet {
  const chunk = executor.createChunk({
    program,
    members: tasks.length,
    batchSize: plan.batchSize,
    optimizer: plan.optimizer,
    parameters,
    ...(distillation === null ? {} : { distillation }),
    maskedWeights: tasks.some((task) => chunkKind(task) === 'zeroed') ? 'zeroed' : 'kept',
  });
  return { program, whole, chunk, masks: new Float32Array(parameters.length).fill(1), folded };
}

/** Steps that quantization-aware tasks train with rounding. */
function roundedSteps({ plan }: RunContext, tasks: readonly TrainingTask[]): number {
  const spec = tasks[0]?.spec;
  return plan.steps - (spec?.kind === 'qat-int8' ? spec.begin : 0);
}

/**
 * Fake quantization for so many steps. A short training needs ranges that forget quickly: logits grow until its end, and
 * ranges that stay behind would cut them off.
 */
function fakeQuantization(program: StepProgram, ranges: Float32Array, steps: number): FakeQuantization {
  const memory = Math.min(MOST_MEMORY, Math.max(2, steps / MEMORY_SHARE));
  return { points: fakePoints(program), ranges, decay: 1 - 1 / memory };
}
