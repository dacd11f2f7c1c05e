import {
  H_OPS, KIND_CONV, KIND_POOL, O_BACKWARD, O_BIAS, O_BIAS_GRADIENT, O_DIRECT_GRADIENT, O_INPUTS, O_KERNEL, O_KERNEL_GRADIENT,
  O_KIND, O_PACKED_BIAS, O_PANELS, O_WEIGHTS, O_WINOGRAD, P_CHANNELS, P_HEIGHT, P_STORED, P_WIDTH,
} from '../fields';
import { packConvPanels, packConvRows, packDensePanels, transposePanels, unpackConvRows, unpackDenseRows } from './pack';
import { operation, point } from './records';
import { address, int } from './simd';
import { packWinogradTiles } from './winograd-tiles';

/** Bytes of one kernel row of one output channel, in whole vectors. */
// @ts-ignore: decorator
@inline
export function kernelRowBytes(kernel: i32, stored: i32): usize {
  return <usize>((kernel * stored + 3) >> 2) << 4;
}

/** Packs a member's effective parameters for the kernels; the Winograd and backward forms only where a step follows. */
export function packWeights(table: usize, effective: usize, forStep: i32): void {
  const ops = int(table, H_OPS);
  for (let i = 0; i < ops; i++) {
    const op = operation(table, i), from = point(table, i), to = point(table, i + 1);
    if (int(op, O_KIND) >= KIND_POOL) continue;
    const weights = effective + address(op, O_WEIGHTS), panels = address(op, O_PANELS), backward = address(op, O_BACKWARD);
    const channels = int(from, P_CHANNELS), stored = int(from, P_STORED), out = int(to, P_CHANNELS);
    memory.copy(address(op, O_PACKED_BIAS), effective + address(op, O_BIAS), (<usize>out) << 2);
    if (int(op, O_KIND) == KIND_CONV) {
      const kernel = int(op, O_KERNEL), winograd = address(op, O_WINOGRAD);
      packConvPanels(weights, panels, kernel * kernel, channels, stored, out);
      if (winograd) packWinogradTiles(panels, winograd, int(to, P_STORED) >> 3, stored, 1);
      if (backward && forStep) packConvRows(weights, backward, kernel, channels, stored, out, kernelRowBytes(kernel, stored));
    } else {
      packDensePanels(weights, panels, int(from, P_HEIGHT) * int(from, P_WIDTH), channels, stored, out);
      if (backward && forStep) transposePanels(panels, backward, int(to, P_STORED) >> 3, int(op, O_INPUTS));
    }
  }
}

/** Puts the kernels' gradients into the order of the parameter vector. */
export function unpackGradients(table: usize, gradients: usize): void {
  const ops = int(table, H_OPS);
  for (let i = 0; i < ops; i++) {
    const op = operation(table, i), from = point(table, i), to = point(table, i + 1);
    if (int(op, O_KIND) >= KIND_POOL) continue;
    const weights = gradients + address(op, O_WEIGHTS), rows = address(op, O_KERNEL_GRADIENT);
    const channels = int(from, P_CHANNELS), stored = int(from, P_STORED), out = int(to, P_CHANNELS);
    memory.copy(gradients + address(op, O_BIAS), address(op, O_BIAS_GRADIENT), (<usize>out) << 2);
    if (int(op, O_KIND) == KIND_CONV) {
      const kernel = int(op, O_KERNEL);
      unpackConvRows(rows, weights, kernel, channels, stored, out, kernelRowBytes(kernel, stored));
    } else if (!int(op, O_DIRECT_GRADIENT))
      unpackDenseRows(rows, weights, int(from, P_HEIGHT) * int(from, P_WIDTH), channels, stored, out, int(to, P_STORED));
  }
}
