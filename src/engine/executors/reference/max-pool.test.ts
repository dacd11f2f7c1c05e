import { expect, it } from 'vitest';
import { maxPoolBackward, maxPoolForward } from '#engine/executors/reference/max-pool.ts';
import type { PoolOp } from '#engine/model/program.ts';

const op: PoolOp = { kind: 'maxpool', name: 'pool1', from: 0, in: [2, 5, 1], out: [1, 2, 1], size: 2 };

it('takes the largest of each window, drops what fills no window, and the first of equals wins', () => {
  // columns 0-1: a tie of 3; columns 2-3: all negative; column 4 is left over
  const input = Float64Array.from([1, 3, -5, -2, 99, 3, 2, -2, -7, 99]);
  const { output, winners } = maxPoolForward(op, input, 1);
  expect([...output]).toEqual([3, -2]);
  expect([...winners]).toEqual([1, 3]);
  expect([...maxPoolBackward(winners, Float64Array.from([10, 20]), input.length)]).toEqual([
    0, 10, 0, 20, 0, 0, 0, 0, 0, 0,
  ]);
});

it('keeps channels apart', () => {
  const twoChannels: PoolOp = { ...op, in: [2, 2, 2], out: [1, 1, 2] };
  const { output, winners } = maxPoolForward(twoChannels, Float64Array.from([1, 8, 2, 7, 3, 6, 4, 5]), 1);
  expect([...output]).toEqual([4, 8]);
  expect([...winners]).toEqual([6, 1]);
});
