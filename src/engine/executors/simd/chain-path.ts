import * as field from '#engine/executors/simd/fields.ts';
import { writeData, writeSettings } from '#engine/executors/simd/header.ts';
import { layoutChain, writeTable, type ChainLayout } from '#engine/executors/simd/layout.ts';
import type {
  MemberPath,
  MemberQuantization,
  MemberStep,
  PathLayout,
  PathStart,
} from '#engine/executors/simd/member-path.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { StepProgram } from '#engine/model/program.ts';

/** As in kernels/step.ts. */
const PREDICT = { asInAStep: 0, quantized: 1, ranges: 2 } as const;

/** The path of programs that `isChain`: a step is one call of the kernels, fused as kernels/step.ts tells. */
export function layoutChainPath(program: StepProgram, batchSize: number): PathLayout {
  const layout = layoutChain(program, batchSize);
  return { bytes: layout.bytes, start: (start) => startChainPath(layout, start) };
}

function startChainPath(layout: ChainLayout, start: PathStart): MemberPath {
  const { spec, kernels, memory, region } = start;
  const { program } = spec;
  const points = program.ops.length + 1;
  writeTable(layout, region, memory.ints());
  writeSettings(start);

  const pointWord = (point: number, at: number): number =>
    region / 4 + layout.pointWord + point * field.POINT_WORDS + at;
  const headerWord = (at: number): number => region / 4 + at;
  const place = (numbers: Int32Array, offset: number): number => {
    memory.ints().set(numbers, (region + offset) / 4);
    return region + offset;
  };
  const mark = (quantization: MemberQuantization): void => {
    for (let point = 0; point < points; point++) {
      const fixed = quantization.kind === 'fixed' ? quantization.points[point] : null;
      const dynamic = quantization.kind === 'dynamic' && quantization.ops[point] === true;
      memory.ints()[pointWord(point, field.P_QUANTIZATION)] = fixed ? 1 : dynamic ? 2 : 0;
      if (!fixed) continue;
      memory.floats()[pointWord(point, field.P_SCALE)] = fixed.scale;
      memory.floats()[pointWord(point, field.P_ZERO_POINT)] = fixed.zeroPoint;
    }
  };
  const forgetRanges = (): void => {
    for (let point = 0; point < points; point++)
      memory.floats().set([Infinity, -Infinity], pointWord(point, field.P_LEAST));
  };
  const seenRange = (point: number): readonly [number, number] => {
    const at = pointWord(point, field.P_LEAST);
    return [memory.floats()[at]!, memory.floats()[at + 1]!];
  };
  const setGrids = (grids: MemberStep['grids']): void => {
    memory.ints()[headerWord(field.H_FAKE)] = grids ? 1 : 0;
    if (!grids) return;
    mark({ kind: 'fixed', points: grids });
    forgetRanges();
  };

  return {
    takeData: (data) => {
      writeData(start, data);
    },
    step: ({ member, indices, views, learningRate, corrections, teacher, grids }) => {
      setGrids(grids);
      memory.ints()[headerWord(field.H_TEACHER)] = teacher;
      const at = place(indices, layout.indices);
      const seen = views ? place(views, layout.views) : 0;
      return kernels.step(region, member, at, seen, indices.length, learningRate, ...corrections);
    },
    seenRange,
    refresh: (member) => {
      kernels.refresh(region, member);
    },
    prepare: (member) => {
      kernels.prepare(region, member);
    },
    values: (indices, point, quantization, read) => {
      mark(quantization);
      const mode = quantization.kind === 'none' ? PREDICT.asInAStep : PREDICT.quantized;
      const width = shapeSize(point === 0 ? program.input : program.ops[point - 1]!.out);
      const most = Math.min(layout.indexCapacity, Math.floor(layout.outputCapacity / width));
      for (let first = 0; first < indices.length; first += most) {
        const some = indices.subarray(first, first + most);
        const output = region + layout.output;
        kernels.predict(region, place(some, layout.indices), some.length, mode, point, output);
        read(first, memory.floats().subarray(output / 4, output / 4 + some.length * width));
      }
    },
    ranges: (indices) => {
      forgetRanges();
      for (let first = 0; first < indices.length; first += layout.indexCapacity) {
        const some = indices.subarray(first, first + layout.indexCapacity);
        kernels.predict(region, place(some, layout.indices), some.length, PREDICT.ranges, 0, 0);
      }
      return Float32Array.from({ length: points * 2 }, (_, i) => seenRange(i >> 1)[i % 2]!);
    },
  };
}
