import type { Buffers, KernelBuffers, NormBuffers } from '#engine/executors/simd/whole-batch/buffers.ts';
import { identityVectors } from '#engine/executors/simd/whole-batch/buffers.ts';
import { createTape, type Build, type Tape, type Tensor } from '#engine/executors/simd/whole-batch/build.ts';
import * as code from '#engine/executors/simd/whole-batch/codes.ts';
import type { Graph } from '#engine/executors/simd/whole-batch/points.ts';
import type { AddOp, Op } from '#engine/model/program.ts';

/** What the makers of tapes read. */
export interface Layout {
  readonly build: Build;
  readonly graph: Graph;
  readonly buffers: Buffers;
  /** [point] */
  readonly points: readonly Tensor[];
  /** [op] int32 [image, y, x, stored]: the winners of a max pool. 0 elsewhere. */
  readonly winners: readonly number[];
}

/** Packs weights for the forward pass; with `step` for the gradients of the inputs too. */
export function packTape({ graph, buffers }: Layout, step: boolean): Tape {
  const tape = createTape();
  const { kernels, norms, parameters } = buffers;
  for (const each of kernels) {
    if (!each) continue;
    const { op, winograd, taps, from, to, panels, packed, bias } = each;
    const weights = parameters + op.offset * 4;
    const channels = op.in[2];
    tape.once(code.PACK, weights, panels, taps, channels, from, op.out[2]);
    if (winograd) tape.once(code.PACK_WINOGRAD, panels, packed, to / 8, from, each.stride);
    if (op.kind === 'dense' || op.bias) tape.once(code.COPY, bias, weights + op.kernelSize * 4, op.out[2] * 4);
    if (step && graph.wanted[op.from]!) packTurned(tape, each, weights);
  }
  if (!step)
    for (const { op, stored, coef } of norms.values())
      tape.once(code.NORM_PREDICT, parameters + op.offset * 4, op.out[2], stored, coef);
  return tape;
}

function packTurned(tape: Tape, each: KernelBuffers, weights: number): void {
  const { op, winograd, taps, from, to, turnedPanels, turnedPacked, parts } = each;
  const [channels, out] = [op.in[2], op.out[2]];
  const tap = (number: number): number => weights + number * channels * out * 4;
  const inner = to * 32; // bytes of a tap in a panel
  if (op.kind === 'dense')
    for (let i = 0; i < taps; i++)
      tape.once(code.PACK_TAP, tap(i), turnedPanels + i * (from / 8) * inner, channels, out, inner);
  else if (winograd) {
    for (let i = 0; i < taps; i++)
      tape.once(code.PACK_TAP, tap(i), turnedPanels + (taps - 1 - i) * inner, channels, out, taps * inner);
    tape.once(code.PACK_WINOGRAD, turnedPanels, turnedPacked, from / 8, to, each.stride);
  } else
    for (const { rows, columns, panels } of parts) {
      const width = columns.taps.length;
      rows.taps.forEach((ky, j) => {
        columns.taps.forEach((kx, i) => {
          const panelBytes = rows.taps.length * width * inner;
          tape.once(
            code.PACK_TAP,
            tap(ky * op.kernel + kx),
            panels + (j * width + i) * inner,
            channels,
            out,
            panelBytes,
          );
        });
      });
    }
}

/**
 * Forward as in a step: batch norm by the batch's statistics, whose moments are taken while the convolution's output is in
 * the caches; normalization, addition and relu in one pass.
 */
export function trainingTape(layout: Layout): Tape {
  const { graph, buffers, points } = layout;
  const tape = createTape();
  const unfinished = new Set<NormBuffers>();
  const finish = (norm: NormBuffers): void => {
    if (!unfinished.has(norm)) return;
    for (const { op, stored, moments, coef } of unfinished) {
      const running = (op.offset + 2 * op.out[2]) * 4;
      tape.once(code.NORM_FINISH, moments, buffers.parameters + op.offset * 4, running, op.out[2], stored, coef);
    }
    unfinished.clear();
  };
  graph.program.ops.forEach((op, i) => {
    const [from, to] = [points[op.from]!, points[i + 1]!];
    if (op.kind === 'batchnorm') {
      const norm = buffers.norms.get(op)!;
      tape.each([from], code.MOMENTS, from.record, norm.moments);
      unfinished.add(norm);
      if (graph.fusedNorm(i + 1)) return;
      finish(norm);
      tape.each([from, to], code.APPLY, to.record, from.record, norm.coef, op.relu ? 1 : 0);
    } else if (op.kind === 'add') {
      const operands = operandsOf(layout, op);
      for (const { norm } of operands) if (norm) finish(norm);
      join(layout, tape, op, to, operands);
    } else emitPlain(layout, tape, op, i);
  });
  return tape;
}

/** Forward operation by operation, with what happens at the points between them. inputs: ROUND_INPUT keeps there what it replaces. */
export function pointwiseTape(
  layout: Layout,
  rounding: { readonly keep: number; readonly flags: number } | null,
): Tape {
  const { graph, buffers, points } = layout;
  const { ops } = graph.program;
  const tape = createTape();
  tape.each([points[0]!], code.POINT, 0);
  ops.forEach((op, i) => {
    const [from, to] = [points[op.from]!, points[i + 1]!];
    if (rounding) tape.each([from], code.ROUND_INPUT, op.from, ops.length + 1, rounding.keep, rounding.flags + i * 4);
    if (op.kind === 'batchnorm')
      tape.each([from, to], code.APPLY, to.record, from.record, buffers.norms.get(op)!.coef, op.relu ? 1 : 0);
    else if (op.kind === 'add') join(layout, tape, op, to, [{ tensor: from }, { tensor: points[op.other]! }]);
    else emitPlain(layout, tape, op, i);
    // a batch norm in place has put its values where its input was
    if (rounding && from !== to) tape.each([from], code.PUT_BACK, op.from, 0, rounding.keep, rounding.flags + i * 4);
    tape.each([to], code.POINT, i + 1);
  });
  return tape;
}

/** What an addition adds: a point, or what a batch norm that it takes along makes of the point in front. */
export interface Operand {
  readonly tensor: Tensor;
  readonly norm?: NormBuffers;
}

export function operandsOf({ graph, buffers, points }: Layout, op: AddOp): readonly [Operand, Operand] {
  const operand = (point: number): Operand => {
    const norm = graph.fusedNorm(point);
    return norm ? { tensor: points[norm.from]!, norm: buffers.norms.get(norm)! } : { tensor: points[point]! };
  };
  return [operand(op.from), operand(op.other)];
}

function join(
  { build }: Layout,
  tape: Tape,
  op: AddOp,
  to: Tensor,
  [first, second]: readonly [Operand, Operand],
): void {
  const coef = ({ tensor, norm }: Operand): number => norm?.coef ?? identityVectors(build, tensor.stored);
  const [x, y] = [first.tensor, second.tensor];
  tape.each([x, y, to], code.JOIN, to.record, x.record, coef(first), y.record, coef(second), op.relu ? 1 : 0);
}

function emitPlain(
  { buffers, points, winners }: Layout,
  tape: Tape,
  op: Exclude<Op, { kind: 'batchnorm' | 'add' }>,
  i: number,
): void {
  const [from, to] = [points[op.from]!, points[i + 1]!];
  const both = [from, to];
  switch (op.kind) {
    case 'conv':
    case 'dense': {
      const { winograd, stride, panels, packed, bias } = buffers.kernels[i]!;
      const relu = op.relu ? 1 : 0;
      const [top, left] = op.kind === 'conv' ? [op.padTop, op.padLeft] : [0, 0];
      if (winograd) {
        const block = buffers.block(from.stored + to.stored, stride);
        const args = [from.record, to.record, top, left, packed, bias, relu];
        if (stride === 1) tape.each(both, code.WINOGRAD, ...args, 0, block, buffers.tiles);
        else tape.each(both, code.WINOGRAD_STRIDED, ...args, block, buffers.tiles);
      } else {
        const [down, right] = op.kind === 'conv' ? [op.kernel, op.kernel] : [from.height, from.width];
        tape.each(both, code.CONVOLVE, from.record, to.record, down, right, stride, top, left, panels, bias, relu, 0);
      }
      break;
    }
    case 'maxpool':
      tape.each(both, code.MAX_POOL, from.record, to.record, op.size, winners[i]!);
      break;
    case 'avgpool':
      tape.each(both, code.AVERAGE_POOL, from.record, to.record, op.size, op.size);
      break;
    case 'global-avgpool':
      tape.each(both, code.AVERAGE_POOL, from.record, to.record, from.height, from.width);
      break;
    default:
      op satisfies never;
  }
}
