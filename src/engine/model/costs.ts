import { isPostTraining } from '#compression/spec.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { OptimizerSpec, Plan } from '#engine/model/plan.ts';
import type { Op, StepProgram } from '#engine/model/program.ts';

/** What one member costs. */
export interface MemberCosts {
  /** Weights and biases, without the gaps between blocks. */
  readonly parameters: number;
  /** Multiply-accumulates of one example forward; windows at the border count in full. */
  readonly macsForward: number;
  /** Multiply-accumulates of one training step: forward, weight gradients, and input gradients of all layers but the first. */
  readonly macsStep: number;
  /** Weights, mask, gradients and optimizer state as float32. */
  readonly stateBytes: number;
  /** Every activation and its gradient for one batch, as float32: an upper bound, executors reuse them. */
  readonly activationBytes: number;
  /** What is kept of a finished member's weights. */
  readonly storedBytes: number;
}

const FLOAT_BYTES = 4;

/** Costs of a member of the program at a batch size (in examples, at least 1). */
export function memberCosts(program: StepProgram, batchSize: number, optimizer: OptimizerSpec): MemberCosts {
  const macs = program.ops.map(macsOf);
  const macsForward = macs.reduce((sum, count) => sum + count, 0);
  const first = macs.find((count) => count > 0) ?? 0;
  const optimizerSlots = optimizer.kind === 'sgd' ? 1 : 2;
  const activations = program.ops.reduce((sum, op) => sum + shapeSize(op.out), shapeSize(program.input));
  return {
    parameters: program.tensors.reduce((sum, tensor) => sum + tensor.size, 0),
    macsForward,
    macsStep: batchSize * (3 * macsForward - first),
    stateBytes: FLOAT_BYTES * program.parameterCount * (3 + optimizerSlots),
    activationBytes: 2 * FLOAT_BYTES * batchSize * activations,
    storedBytes: FLOAT_BYTES * program.parameterCount,
  };
}

/** Members that a plan trains: the baseline's and those of each pruned level; quantized ones are made from the baseline. */
export function membersToTrain(plan: Plan): number {
  return plan.members * (1 + plan.levels.filter((spec) => !isPostTraining(spec)).length);
}

function macsOf(op: Op): number {
  switch (op.kind) {
    case 'conv':
      return op.out[0] * op.out[1] * op.kernelSize;
    case 'dense':
      return op.kernelSize;
    case 'maxpool':
    case 'avgpool':
    case 'global-avgpool':
    case 'batchnorm':
    case 'add':
      return 0;
    default:
      return op satisfies never;
  }
}
