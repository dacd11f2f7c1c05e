import type { OptimizerSpec } from '#engine/model/plan.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { isWeighted } from '#engine/model/program.ts';

/** Slots of optimizer state a parameter needs: momentum, or Adam's first and second moment. */
export function stateSlots(optimizer: OptimizerSpec): number {
  return optimizer.kind === 'sgd' ? 1 : 2;
}

/** The weight decay of each parameter, [parameterCount]: the optimizer's for kernels, 0 for all others. */
export function decayOf(program: StepProgram, optimizer: OptimizerSpec): Float64Array {
  const decay = new Float64Array(program.parameterCount);
  for (const op of program.ops.filter(isWeighted))
    decay.fill(optimizer.weightDecay ?? 0, op.offset, op.offset + op.kernelSize);
  return decay;
}

/** What an update changes and by what, all [parameterCount] of one member. */
export interface UpdateTarget {
  readonly weights: Float32Array; // raw
  readonly gradients: Float64Array; // of the effective weights
  /** Where it is 0, the weight and its optimizer state stay as they are; null: every weight moves. */
  readonly touched: Float32Array | null;
  readonly decay: Float64Array;
  /** Momentum, or Adam's first moment followed by its second: [slot, parameterCount]. */
  readonly state: Float32Array;
}

/**
 * One optimizer step in place. SGD with momentum, decay d as an L2 penalty: v = momentum v + g + d w, w -= learningRate v.
 * Adam (Kingma & Ba 2015, algorithm 1) with decoupled decay (Loshchilov & Hutter 2019): bias-corrected moments,
 * w -= learningRate (m / (sqrt(v) + epsilon) + d w). `stepCount` starts at 1.
 */
export function update(optimizer: OptimizerSpec, target: UpdateTarget, learningRate: number, stepCount: number): void {
  const { weights, gradients, touched, decay, state } = target;
  const count = weights.length;
  for (let i = 0; i < count; i++) {
    if (touched?.[i] === 0) continue;
    const pull = decay[i]! * weights[i]!;
    if (optimizer.kind === 'sgd') {
      const velocity = optimizer.momentum * state[i]! + gradients[i]! + pull;
      state[i] = velocity;
      weights[i]! -= learningRate * velocity;
    } else {
      const gradient = gradients[i]!;
      const first = optimizer.beta1 * state[i]! + (1 - optimizer.beta1) * gradient;
      const second = optimizer.beta2 * state[count + i]! + (1 - optimizer.beta2) * gradient * gradient;
      state[i] = first;
      state[count + i] = second;
      const firstCorrected = first / (1 - optimizer.beta1 ** stepCount);
      const secondCorrected = second / (1 - optimizer.beta2 ** stepCount);
      weights[i]! -= learningRate * (firstCorrected / (Math.sqrt(secondCorrected) + optimizer.epsilon) + pull);
    }
  }
}
