import * as field from '#engine/executors/simd/fields.ts';
import { writeData, writeSettings } from '#engine/executors/simd/header.ts';
import type { MemberPath, MemberQuantization, PathLayout, PathStart } from '#engine/executors/simd/member-path.ts';
import * as code from '#engine/executors/simd/whole-batch/codes.ts';
import { layoutBatch } from '#engine/executors/simd/whole-batch/layout.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { StepProgram } from '#engine/model/program.ts';

/**
 * The path of any program: operation by operation over the whole batch. A step is one call of the kernels, which follow tapes
 * that are made once (layout.ts). Throws a RangeError where a batch norm or an addition reads the input.
 */
export function layoutBatchPath(program: StepProgram, batchSize: number): PathLayout {
  return {
    bytes: layoutBatch(program, batchSize, 0).end,
    start: (start) => startBatchPath(program, batchSize, start),
  };
}

function startBatchPath(program: StepProgram, batchSize: number, start: PathStart): MemberPath {
  const { kernels, memory, region: table } = start;
  const layout = layoutBatch(program, batchSize, table);
  const { tapes, points } = layout;
  for (const { address, word } of layout.words) memory.ints()[address / 4] = word;
  writeSettings(start);

  const pointWord = (point: number, at: number): number =>
    table / 4 + field.HEADER_WORDS + program.ops.length * field.OP_WORDS + point * field.POINT_WORDS + at;
  const place = (numbers: Int32Array, address: number): number => {
    memory.ints().set(numbers, address / 4);
    return address;
  };
  const mark = (quantization: MemberQuantization): void => {
    points.forEach((_, point) => {
      const fixed = quantization.kind === 'fixed' ? quantization.points[point] : null;
      memory.ints()[pointWord(point, field.P_QUANTIZATION)] = fixed ? 1 : 0;
      if (!fixed) return;
      memory.floats()[pointWord(point, field.P_SCALE)] = fixed.scale;
      memory.floats()[pointWord(point, field.P_ZERO_POINT)] = fixed.zeroPoint;
    });
    const dynamic = program.ops.map((_, op) => (quantization.kind === 'dynamic' && quantization.ops[op] ? 1 : 0));
    place(Int32Array.from(dynamic), layout.flags);
  };
  const forgetRanges = (): void => {
    points.forEach((_, point) => {
      memory.floats().set([Infinity, -Infinity], pointWord(point, field.P_LEAST));
    });
  };
  const seenRange = (point: number): readonly [number, number] => {
    const at = pointWord(point, field.P_LEAST);
    return [memory.floats()[at]!, memory.floats()[at + 1]!];
  };
  const predict = (indices: Int32Array, mode: number, read: (first: number, count: number) => void): void => {
    for (let first = 0; first < indices.length; first += batchSize) {
      const some = indices.subarray(first, first + batchSize);
      kernels.batchPredict(table, tapes, place(some, layout.indices), some.length, mode);
      read(first, some.length);
    }
  };

  return {
    takeData: (data) => {
      writeData(start, data);
    },
    step: ({ member, indices, views, learningRate, corrections, teacher, grids }) => {
      if (grids && layout.hasBatchNorm)
        throw new RangeError('Fake quantization needs a program without batch norm: fold it first.');
      memory.ints()[table / 4 + field.H_FAKE] = grids ? 1 : 0;
      if (grids) {
        mark({ kind: 'fixed', points: grids });
        forgetRanges();
      }
      memory.ints()[table / 4 + field.H_TEACHER] = teacher;
      const at = place(indices, layout.indices);
      const seen = views ? place(views, layout.views) : 0;
      return kernels.batchStep(table, tapes, member, at, seen, indices.length, learningRate, ...corrections);
    },
    seenRange,
    refresh: (member) => {
      kernels.refresh(table, member);
    },
    prepare: (member) => {
      kernels.batchPrepare(table, tapes, member);
    },
    values: (indices, point, quantization, read) => {
      mark(quantization);
      const width = shapeSize(point === 0 ? program.input : program.ops[point - 1]!.out);
      const mode = quantization.kind === 'none' ? code.POINTS_PLAIN : code.POINTS_QUANTIZED;
      predict(indices, mode, (first, count) => {
        kernels.batchCopyOut(points[point]!.record, count, layout.output);
        read(first, memory.floats().subarray(layout.output / 4, layout.output / 4 + count * width));
      });
    },
    ranges: (indices) => {
      mark({ kind: 'none' });
      forgetRanges();
      predict(indices, code.POINTS_RANGES, () => undefined);
      return Float32Array.from({ length: points.length * 2 }, (_, i) => seenRange(i >> 1)[i % 2]!);
    },
  };
}
