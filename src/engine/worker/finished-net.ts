import { calibrationSet } from '#compression/calibration.ts';
import { fixedInt8 } from '#compression/post-training.ts';
import type { FixedMember } from '#compression/post-training.ts';
import type { ActivationQuantization } from '#engine/executors/executor.ts';
import type { StepProgram } from '#engine/model/program.ts';
import type { TrainingTask } from '#engine/protocol/worker-methods.ts';
import { conversionRanges } from '#engine/worker/fake-points.ts';
import { countClipped } from '#engine/worker/clipped-activations.ts';
import { joined, partOf } from '#engine/worker/parts.ts';
import type { RunContext } from '#engine/worker/run-context.ts';
import type { TrainingNet } from '#engine/worker/training-net.ts';

/** Members at the end of their training, ready to predict. */
interface FinishedMembers {
  readonly prediction: ActivationQuantization;
  readonly members: readonly {
    /** As used at prediction, [parameterCount], a copy. */
    readonly weights: Float32Array;
    /** What a conversion to fixed point did; empty where there was none. */
    readonly grids: FixedMember['grids'];
    readonly activations: FixedMember['activations'];
  }[];
}

/**
 * Reads the members back, masked. Those trained with fake quantization are converted to fixed point with the ranges that
 * training has moved, and the chunk gets the converted weights; one whose numbers are not finite stays as it is.
 */
export async function finishedNet(
  { trainIndices, labels, inputs }: Pick<RunContext, 'trainIndices' | 'labels' | 'inputs'>,
  net: TrainingNet,
  tasks: readonly TrainingTask[],
): Promise<FinishedMembers> {
  const { program, chunk, masks, folded } = net;
  const own = (all: Float32Array, i: number): Float32Array => partOf(all, i, program.parameterCount);
  const raw = await chunk.parameters();
  if (!folded) {
    const members = tasks.map(({ spec }, i) => {
      const weights = own(raw, i).slice();
      if (spec.kind === 'pruned') applyMask(weights, own(masks, i));
      return { weights, grids: [], activations: [] };
    });
    return { prediction: { kind: 'none' }, members };
  }
  const ranges = await chunk.fakeRanges();
  const points = program.ops.length + 1;
  const converted = tasks.map((_, i) => convert(program, own(raw, i), partOf(ranges, i, 2 * points)));
  const clippedOf = (accounts: FixedMember['activations'], i: number): FixedMember['activations'] => {
    const { key, spec } = tasks[i]!;
    if (spec.kind !== 'qat-int8') return accounts;
    return countClipped({ program, inputs }, key, own(raw, i), calibrationSet(trainIndices, labels, spec), accounts);
  };
  const members = converted.map((member, i) => ({
    weights: member?.parameters ?? own(raw, i).slice(),
    grids: member?.grids ?? [],
    activations: member === null ? [] : clippedOf(member.activations, i),
  }));
  chunk.setFakeQuantization(null);
  chunk.setParameters(joined(members.map(({ weights }) => weights)));
  const untouched = new Array<null>(points).fill(null);
  return { prediction: { kind: 'fixed', points: converted.map((member) => member?.points ?? untouched) }, members };
}

function convert(program: StepProgram, weights: Float32Array, ranges: Float32Array): FixedMember | null {
  if (!weights.every(Number.isFinite) || !ranges.every(Number.isFinite)) return null;
  return fixedInt8(program, weights, conversionRanges(program, ranges));
}

/** In place. A masked weight is 0 even where its raw value is not a number. */
function applyMask(weights: Float32Array, mask: Float32Array): void {
  for (let i = 0; i < weights.length; i++) if (mask[i] === 0) weights[i] = 0;
}
