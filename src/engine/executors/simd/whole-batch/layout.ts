import * as field from '#engine/executors/simd/fields.ts';
import { backwardTape } from '#engine/executors/simd/whole-batch/backward-tape.ts';
import { layoutBuffers } from '#engine/executors/simd/whole-batch/buffers.ts';
import { createBuild, type Tape, type Tensor } from '#engine/executors/simd/whole-batch/build.ts';
import * as code from '#engine/executors/simd/whole-batch/codes.ts';
import {
  packTape,
  pointwiseTape,
  trainingTape,
  type Layout,
} from '#engine/executors/simd/whole-batch/forward-tapes.ts';
import { createGradientBuffers } from '#engine/executors/simd/whole-batch/gradients.ts';
import { gradientStride, gradientTensor, graphOf, layoutPoints } from '#engine/executors/simd/whole-batch/points.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { isWeighted } from '#engine/model/program.ts';

/** Examples that pass the net together at prediction, where nothing needs the whole batch. */
const PREDICTION_GROUP = 16;

/** Where everything lies that members of a chunk share. Addresses. */
export interface BatchLayout {
  readonly end: number;
  /** What stands where at the start. */
  readonly words: readonly { readonly address: number; readonly word: number }[];
  readonly tapes: number;
  /** [point] */
  readonly points: readonly Tensor[];
  readonly indices: number; // int32 [batch]
  readonly views: number; // int32 [batch]
  /** Room for the values of any point of a whole batch. */
  readonly output: number;
  /** [op] int32: whether a quantized prediction rounds the operation's input. */
  readonly flags: number;
  readonly hasBatchNorm: boolean;
}

/** Lays a program out from `table` on, a multiple of 64: the table that other kernels read too, buffers, tapes. */
export function layoutBatch(program: StepProgram, batch: number, table: number): BatchLayout {
  const { ops } = program;
  const build = createBuild(table);
  const recordsAt = table + (field.HEADER_WORDS + ops.length * field.OP_WORDS) * 4;
  build.take((field.HEADER_WORDS + ops.length * field.OP_WORDS + (ops.length + 2) * field.POINT_WORDS) * 4);
  const graph = graphOf(program);
  const buffers = layoutBuffers(build, graph);
  const points = layoutPoints(build, graph, batch, recordsAt);
  const winners = ops.map((op, i) => {
    const { height, width, stored } = points[i + 1]!;
    return op.kind === 'maxpool' ? build.take(batch * height * width * stored * 4) : 0;
  });
  const layout: Layout = { build, graph, buffers, points, winners };

  const gradients = createGradientBuffers(build, points, batch);
  const last = points.at(-1)!;
  const logitsGradient = gradientTensor(build, last, build.take(batch * gradientStride(last)));
  gradients.put(ops.length, logitsGradient);

  const flags = build.take(ops.length * 4);
  const keep = build.take(PREDICTION_GROUP * Math.max(...points.map((point) => point.imageStride)));
  const tapes = build.take(code.TAPES_WORDS * 4);
  const place = (word: number, tape: Tape, group?: number): void => {
    build.set(tapes + word * 4, build.record(tape.finish(group)));
  };
  place(code.T_PREPARE_STEP, packTape(layout, true));
  place(code.T_FORWARD, graph.hasBatchNorm ? trainingTape(layout) : pointwiseTape(layout, null));
  place(code.T_BACKWARD, backwardTape(layout, gradients));
  place(code.T_PREPARE_PREDICTION, packTape(layout, false));
  place(code.T_PREDICTION, pointwiseTape(layout, { keep, flags }), PREDICTION_GROUP);
  build.set(tapes + code.T_LOGITS * 4, last.record);
  build.set(tapes + code.T_LOGITS_GRADIENT * 4, logitsGradient.record);
  build.set(tapes + code.T_CLEAR * 4, buffers.clear);
  build.set(tapes + code.T_CLEAR_BYTES * 4, buffers.clearBytes);

  build.set(table + field.H_OPS * 4, ops.length);
  build.set(table + field.H_GRADIENTS * 4, buffers.gradients);
  build.set(table + field.H_SCRATCH * 4, buffers.scratch);
  build.set(table + field.H_ROUNDED * 4, buffers.parameters);
  ops.forEach((op, i) => {
    const record = table + (field.HEADER_WORDS + i * field.OP_WORDS) * 4;
    const kind = op.kind === 'conv' ? field.KIND_CONV : op.kind === 'dense' ? field.KIND_DENSE : field.KIND_POOL;
    build.set(record + field.O_KIND * 4, kind);
    build.set(record + field.O_RELU * 4, 'relu' in op && op.relu ? 1 : 0);
    if (!isWeighted(op)) return;
    build.set(record + field.O_WEIGHTS * 4, op.offset * 4);
    build.set(record + field.O_BIAS * 4, (op.offset + op.kernelSize) * 4);
  });
  // the record behind those of the points marks an operation's input: a scale for each example
  build.set(recordsAt + ((ops.length + 1) * field.POINT_WORDS + field.P_QUANTIZATION) * 4, 2);

  const indices = build.take(batch * 4);
  const views = build.take(batch * 4);
  const output = build.take(
    batch * Math.max(...points.map(({ height, width, channels }) => height * width * channels)) * 4,
  );
  const { hasBatchNorm } = graph;
  return { end: build.top(), words: build.words, tapes, points, indices, views, output, flags, hasBatchNorm };
}
