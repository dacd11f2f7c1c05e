import type { OptimizerSpec } from '#engine/model/plan.ts';

/** Slots of optimizer state a parameter needs: momentum, or Adam's first and second moment. */
export function stateSlots(optimizer: OptimizerSpec): number {
  return optimizer.kind === 'sgd' ? 1 : 2;
}

/** What an update changes and by what, all [parameterCount] of one member. */
export interface UpdateTarget {
  readonly weights: Float32Array; // raw
  readonly gradients: Float64Array; // of the effective weights
  readonly mask: Float32Array; // 0 or 1
  /** Momentum, or Adam's first moment followed by its second: [slot, parameterCount]. */
  readonly state: Float32Array;
}

/**
 * One optimizer step in place, only where the mask is 1: a masked weight and its optimizer state stay as they are.
 * SGD with momentum: v = momentum v + g, w -= learningRate v. Adam (Kingma & Ba 2015, algorithm 1): bias-corrected moments,
 * w -= learningRate m / (sqrt(v) + epsilon). `stepCount` starts at 1.
 */
export function update(optimizer: OptimizerSpec, target: UpdateTarget, learningRate: number, stepCount: number): void {
  const { weights, gradients, mask, state } = target;
  const count = weights.length;
  for (let i = 0; i < count; i++) {
    if (mask[i] === 0) continue;
    const gradient = gradients[i]!;
    if (optimizer.kind === 'sgd') {
      const velocity = optimizer.momentum * state[i]! + gradient;
      state[i] = velocity;
      weights[i]! -= learningRate * velocity;
    } else {
      const first = optimizer.beta1 * state[i]! + (1 - optimizer.beta1) * gradient;
      const second = optimizer.beta2 * state[count + i]! + (1 - optimizer.beta2) * gradient * gradient;
      state[i] = first;
      state[count + i] = second;
      const firstCorrected = first / (1 - optimizer.beta1 ** stepCount);
      const secondCorrected = second / (1 - optimizer.beta2 ** stepCount);
      weights[i]! -= (learningRate * firstCorrected) / (Math.sqrt(secondCorrected) + optimizer.epsilon);
    }
  }
}
