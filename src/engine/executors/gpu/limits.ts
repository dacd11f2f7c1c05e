import { stateSlots } from '#engine/executors/gpu/kernels.ts';
import { kernelRows, layoutOf, shapeQuads, type DeviceLayout } from '#engine/executors/gpu/layout.ts';
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
 * Multiply-adds that one dispatch may hold: a tenth of a second on a slow integrated GPU, which makes some fifty thousand
 * million a second of them. A longer dispatch makes the page stutter, and drivers end those of some seconds.
 */
const DISPATCH_WORK = 5e9;
/** Of a limit, what is used: drivers round sizes up. */
const SHARE = 0.9;

/**
 * Most members whose widest array fits the device, whose arrays together fit the budget, and whose longest dispatch is short
 * enough for a page to stay alive; 0 if not even one fits. gradientQuads: those of one member, all slices.
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
  // Two gradients of points wait while a third is made; the state is there twice while it is replaced; the mask.
  const total = activations + 3 * widestPoint + 2 * state + layout.quads + gradientQuads;
  const fits = Math.floor(
    Math.min((SHARE * limits.arrayQuads) / widest, limits.budgetBytes / (total * BYTES_PER_QUAD)),
  );
  return Math.max(0, Math.min(fits, Math.max(1, Math.floor(DISPATCH_WORK / longestDispatch(layout, batchSize)))));
}

/** Multiply-adds of a member's longest dispatch. */
function longestDispatch(layout: DeviceLayout, batchSize: number): number {
  const work = layout.blocks.map((layer) => {
    if (layer.kind !== 'weighted') return 1;
    const { geometry: g } = layer;
    return batchSize * g.outHeight * g.outWidth * g.filters * kernelRows(g);
  });
  return Math.max(...work);
}
