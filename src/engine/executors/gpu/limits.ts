import { stateSlots } from '#engine/executors/gpu/kernels.ts';
import { layoutOf, shapeQuads } from '#engine/executors/gpu/layout.ts';
import type { StepProgram } from '#engine/model/program.ts';

/** What a device allows. */
export interface DeviceLimits {
  /** Quads in one array. */
  readonly arrayQuads: number;
  /** Bytes that a chunk may take in all. */
  readonly budgetBytes: number;
}

const BYTES_PER_QUAD = 16;
const ADAM = { kind: 'adam', beta1: 0, beta2: 0, epsilon: 0 } as const; // the optimizer with the largest state

/**
 * Most members whose widest array fits the device and whose arrays together fit the budget; 0 if not even one does.
 * gradientQuads: those of one member, all slices.
 */
export function membersThatFit(
  program: StepProgram,
  batchSize: number,
  gradientQuads: number,
  limits: DeviceLimits,
): number {
  const layout = layoutOf(program);
  const points = layout.points.map((shape) => batchSize * shapeQuads(shape));
  const state = stateSlots(ADAM) * layout.quads;
  const widestPoint = Math.max(...points);
  const widest = Math.max(state, gradientQuads, widestPoint);
  const activations = points.reduce((sum, quads) => sum + quads, 0);
  // The gradients of one point and of the one before it; the state twice while it is replaced; the mask.
  const total = activations + 2 * widestPoint + 2 * state + layout.quads + gradientQuads;
  return Math.max(
    0,
    Math.floor(Math.min((0.9 * limits.arrayQuads) / widest, limits.budgetBytes / (total * BYTES_PER_QUAD))),
  );
}
