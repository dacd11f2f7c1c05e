import { turnedPad } from '#engine/executors/simd/whole-batch/axis.ts';
import { phaseTensor, type NormBuffers } from '#engine/executors/simd/whole-batch/buffers.ts';
import { createTape, describe, type Tape, type Tensor } from '#engine/executors/simd/whole-batch/build.ts';
import * as code from '#engine/executors/simd/whole-batch/codes.ts';
import { operandsOf, type Layout } from '#engine/executors/simd/whole-batch/forward-tapes.ts';
import type { GradientBuffers } from '#engine/executors/simd/whole-batch/gradients.ts';
import { isWeighted, type AddOp, type BatchNormOp } from '#engine/model/program.ts';

/**
 * Backward from the gradient of the logits to the flat gradient. Once the values of a convolution's output are no longer
 * needed, the gradient takes their place, inside the zero border that the convolutions of the gradient need. Batch norm
 * goes in two passes: sums over the batch, then the gradient, each through relu.
 */
export function backwardTape(layout: Layout, gradients: GradientBuffers): Tape {
  const { graph, buffers, points } = layout;
  const { ops } = graph.program;
  const tape = createTape();
  const unfinished = new Set<NormBuffers>();

  const turn = (norm: NormBuffers): void => {
    if (!unfinished.has(norm)) return;
    for (const { op, stored, moments, sums, coef } of unfinished)
      tape.once(code.NORM_TURN, sums, moments, buffers.gradients + op.offset * 4, op.out[2], stored, coef);
    unfinished.clear();
  };
  /** Whether the gradient of a point may take the place of its values: nobody but the operation at hand reads them. */
  const takesPlace = (point: number): boolean => {
    const op = ops[point - 1];
    return graph.hasBatchNorm && op?.kind === 'conv' && !op.relu && graph.readers[point]!.length === 1;
  };
  /** Where the gradient of a point goes, and whether it is added to what is there. */
  const target = (point: number): { readonly to: Tensor; readonly add: 0 | 1 } => {
    const there = gradients.of(point);
    if (there) return { to: there, add: 1 };
    if (takesPlace(point)) gradients.put(point, points[point]!);
    else gradients.take(point);
    return { to: gradients.of(point)!, add: 0 };
  };
  /** The target of kernels that add, zero where nothing was. */
  const cleared = (point: number): Tensor => {
    const { to, add } = target(point);
    if (add === 0) tape.each([to], code.CLEAR, to.record);
    return to;
  };
  const sums = (d: Tensor, mask: number, y: Tensor, z: Tensor, norm: NormBuffers): void => {
    tape.each([d, y, z], code.JOIN_SUMS, d.record, mask, y.record, z.record, norm.coef, norm.sums);
    unfinished.add(norm);
  };
  const throughNorm = (d: Tensor, z: Tensor, norm: NormBuffers): void => {
    turn(norm);
    if (!graph.wanted[norm.op.from]!) return;
    const { to, add } = target(norm.op.from);
    tape.each([d, z, to], code.NORM_GRADIENT, d.record, z.record, norm.coef, to.record, add);
  };

  const throughBatchNorm = (op: BatchNormOp, d: Tensor, y: Tensor): void => {
    const [z, norm] = [points[op.from]!, buffers.norms.get(op)!];
    sums(d, op.relu ? code.MASK_Z : code.MASK_NONE, y, z, norm);
    throughNorm(d, z, norm);
  };
  const throughAdd = (op: AddOp, point: number, d: Tensor): void => {
    const y = points[point]!;
    const operands = operandsOf(layout, op);
    let mask = op.relu && graph.hasBatchNorm ? code.MASK_Y : code.MASK_NONE;
    for (const { tensor, norm } of operands) {
      if (!norm) continue;
      sums(d, mask, y, tensor, norm);
      mask = code.MASK_NONE; // d has been masked in place
    }
    for (const { tensor, norm } of operands) if (norm) throughNorm(d, tensor, norm);
    const plain = [op.from, op.other].filter((operand, i) => !operands[i]!.norm && graph.wanted[operand]!);
    const [heir] = plain;
    // the gradient of a point beside a batch norm is the masked d itself: the buffer is handed on
    if (plain.length === 1 && mask === code.MASK_NONE && !gradients.of(heir!) && gradients.pass(point, heir!)) return;
    for (const operand of plain) {
      const { to, add } = target(operand);
      tape.each([d, y, to], code.MASK, d.record, mask === code.MASK_Y ? y.record : 0, to.record, add);
    }
  };
  const throughKernel = (i: number): void => {
    const { op, winograd, stride, from, to, turnedPanels, turnedPacked, parts, ...each } = buffers.kernels[i]!;
    const x = points[op.from]!;
    const d = points[i + 1]!; // by now
    const [rows, columns] = graph.axes[i]!;
    const block = buffers.block(from + to, stride);
    const tensors = [x, d];
    if (op.kind === 'dense' || op.bias) tape.each([d], code.SUMS, d.record, each.biasGradient);
    if (winograd) {
      const kind = stride === 1 ? code.WINOGRAD_GRADIENT : code.WINOGRAD_STRIDED_GRADIENT;
      tape.each(
        tensors,
        kind,
        x.record,
        d.record,
        rows.pad,
        columns.pad,
        each.transformedGradient,
        block,
        buffers.tiles,
      );
    } else {
      const { kernel, pad } = rows;
      tape.each(
        tensors,
        code.KERNEL_GRADIENT,
        x.record,
        d.record,
        kernel,
        columns.kernel,
        stride,
        pad,
        columns.pad,
        each.gradient,
      );
    }
    if (!graph.wanted[op.from]!) return;
    const zeros = gradients.zeros;
    if (op.kind === 'dense') {
      const { to: dx, add } = target(op.from);
      const size = dx.height * dx.width * dx.stored;
      const flat = { ...dx, height: 1, width: 1, stored: size, channels: size };
      const { record } = describe(layout.build, flat);
      tape.each([d, dx], code.CONVOLVE, d.record, record, 1, 1, 1, 0, 0, turnedPanels, zeros, 0, add);
    } else if (winograd) {
      const { to: dx, add } = target(op.from);
      const ends = [block, buffers.tiles];
      if (stride === 2)
        tape.each(
          [d, dx],
          code.WINOGRAD_STRIDED_TURNED,
          d.record,
          dx.record,
          rows.pad,
          columns.pad,
          turnedPacked,
          add,
          ...ends,
        );
      else {
        const pads = [turnedPad(rows), turnedPad(columns)];
        tape.each([d, dx], code.WINOGRAD, d.record, dx.record, ...pads, turnedPacked, zeros, 0, add, ...ends);
      }
    } else {
      const missing = parts.some((part) => part.rows.taps.length * part.columns.taps.length === 0);
      const { to: dx, add } = missing ? { to: cleared(op.from), add: 1 } : target(op.from);
      for (const part of parts) {
        const [down, right] = [part.rows.taps.length, part.columns.taps.length];
        if (down * right === 0) continue;
        const { record } = describe(layout.build, phaseTensor(dx, part.rows, part.columns, stride));
        tape.each(
          [d, dx],
          code.CONVOLVE,
          d.record,
          record,
          down,
          right,
          1,
          part.rows.before,
          part.columns.before,
          part.panels,
          zeros,
          0,
          add,
        );
      }
    }
  };

  for (let i = ops.length - 1; i >= 0; i--) {
    const op = ops[i]!;
    const point = i + 1;
    const y = points[point]!;
    if (graph.fusedNorm(point)) continue; // its addition has done its part
    const d = gradients.of(point);
    if (!d || !graph.wanted[point]!) continue; // nobody reads the point, or no parameters lie before it
    const relu = 'relu' in op && op.relu ? 1 : 0;
    if (isWeighted(op)) {
      if (d !== y) tape.each([d, y], code.LEAVE_POINT, d.record, point, y.record, relu, y.record);
      throughKernel(i);
    } else {
      if (!graph.hasBatchNorm) tape.each([d, y], code.LEAVE_POINT, d.record, point, y.record, relu, d.record);
      if (op.kind === 'batchnorm') throughBatchNorm(op, d, y);
      else if (op.kind === 'add') throughAdd(op, point, d);
      else {
        const dx = cleared(op.from);
        if (op.kind === 'maxpool')
          tape.each([d, dx], code.MAX_POOL_GRADIENT, d.record, dx.record, op.size, layout.winners[i]!);
        else {
          const [down, right] = op.kind === 'avgpool' ? [op.size, op.size] : [dx.height, dx.width];
          tape.each([d, dx], code.AVERAGE_POOL_GRADIENT, d.record, dx.record, down, right);
        }
      }
    }
    gradients.release(point);
  }
  unpackGradients(layout, tape);
  return tape;
}

function unpackGradients({ buffers }: Layout, tape: Tape): void {
  for (const each of buffers.kernels) {
    if (!each) continue;
    const { op, winograd, stride, taps, from, to, gradient, transformedGradient, biasGradient } = each;
    const flat = buffers.gradients + op.offset * 4;
    if (winograd) tape.once(code.UNPACK_WINOGRAD, transformedGradient, gradient, from * to * 4, stride);
    tape.once(code.UNPACK, gradient, flat, taps, op.in[2], from, op.out[2], to);
    if (op.kind === 'dense' || op.bias) tape.once(code.COPY, flat + op.kernelSize * 4, biasGradient, op.out[2] * 4);
  }
}
