import { expect, it } from 'vitest';
import { foldedProgram } from '#engine/model/fold.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { conversionRanges, fakePoints } from '#engine/worker/fake-points.ts';

const marked = (program: StepProgram): string[] =>
  fakePoints(program).flatMap((isMarked, point) => (isMarked ? [program.ops[point - 1]?.name ?? 'input'] : []));

it('leaves the mark of a layer to the max pool that alone reads it', () => {
  const program = buildProgram({ kind: 'cnn-small', filters: [4, 8], dense: [8] }, [8, 8, 1], 2);
  expect(program.ops.map(({ name }) => name)).toEqual(['conv1', 'pool1', 'conv2', 'pool2', 'dense1', 'dense2']);
  expect(marked(program)).toEqual(['input', 'pool1', 'pool2', 'dense1', 'dense2']);
});

it('marks every operation of a residual network, also the global pool and the additions', () => {
  const program = foldedProgram(buildProgram({ kind: 'resnet-8', filters: [4, 8], blocks: 1 }, [8, 8, 1], 2));
  expect(marked(program)).toEqual(['input', ...program.ops.map(({ name }) => name)]);
});

it('keeps the mark at a layer that something else reads too, and rounds nothing twice', () => {
  const program = buildProgram({ kind: 'cnn-small', filters: [4], dense: [] }, [8, 8, 1], 2);
  const [conv, pool, dense] = program.ops;
  const second = { ...pool!, name: 'pool2', from: 2, in: pool!.out, out: [2, 2, 4] as const };
  const ops = [conv!, pool!, second, { ...dense!, from: 3 }];
  expect(marked({ ...program, ops })).toEqual(['input', 'pool1', 'dense1']);
  const branch = { ...second, from: 1 };
  const add = { ...dense!, kind: 'add', name: 'add', from: 2, other: 1, relu: false } as StepProgram['ops'][number];
  expect(marked({ ...program, ops: [conv!, pool!, add] })).toEqual(['input', 'conv1', 'add']);
  const ranges = Float32Array.of(0, 1, -9, 9, -1, 2, -3, 1);
  expect(conversionRanges({ ...program, ops: [conv!, pool!, branch] }, ranges)).toEqual(
    Float32Array.of(0, 1, -3, 2, -1, 2, -3, 1),
  );
});
