import { describe, expect, it } from 'vitest';
import { stream } from '#lib/random.ts';
import { expectNear, grid, kernelBench } from '#testing/kernel-bench.ts';

const { call, put, get, getInts } = kernelBench();
const random = stream(12, 'kernels');

describe('pool kernels', () => {
  it('take the largest of windows of any size, the first of equal values, all negative ones too', () => {
    const x = [-3, -1, -1, 7, -2, -1, -1, 0, 5, 5, 5, 5];
    const [y, winners, dx] = [put([0]), put([0]), put(new Float32Array(12))];
    call('poolForward', put(x), 16, y, 4, 4, 2, 1, 1, winners);
    expect([get(y, 1), getInts(winners, 1)]).toEqual([[-1], [4]]);
    call('poolForward', put(x), 16, y, 4, 4, 3, 1, 1, winners);
    expect([get(y, 1), getInts(winners, 1)]).toEqual([[5], [32]]);
    call('poolGradient', dx, put([2.5]), 4, 4, 1, 1, winners);
    expect(get(dx, 12)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 2.5, 0, 0, 0]);
  });

  it.each([
    { size: 2, height: 3, width: 2, channels: 5 },
    { size: 3, height: 1, width: 2, channels: 8 },
    { size: 4, height: 2, width: 1, channels: 1 },
  ])('average $size x $size windows of $channels channels and spread the gradient', (sizes) => {
    const { size, height, width, channels } = sizes;
    const [rows, columns] = [height * size + 1, width * size + 1]; // a row and a column are dropped
    const x = Float32Array.from({ length: rows * columns * channels }, random.normal);
    const d = Float32Array.from({ length: height * width * channels }, random.normal);
    const [row, pixel] = [columns * channels * 4, channels * 4];
    const outRow = (width * channels + 3) * 4;
    const y = put(new Float32Array((height * outRow) / 4).fill(9));
    call('averageForward', put(x), row, y, outRow, pixel, size, height, width);
    const spread = Array.from({ length: height }, (_, py) => [
      ...d.subarray(py * width * channels, (py + 1) * width * channels),
      ...[7, 7, 7],
    ]).flat();
    const dx = put(new Float32Array(x.length));
    call('averageGradient', dx, row, put(spread), outRow, pixel, size, height, width);
    const wantedGradient = new Float64Array(x.length);
    grid(height, width, (py, px) => {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        grid(size, size, (wy, wx) => {
          const at = ((py * size + wy) * columns + px * size + wx) * channels + c;
          sum += x[at]!;
          wantedGradient[at] = d[(py * width + px) * channels + c]! / size ** 2;
        });
        expect(get(y + py * outRow + (px * channels + c) * 4, 1)[0]).toBeCloseTo(sum / size ** 2, 5);
      }
      expect(get(y + py * outRow + width * pixel, 3)).toEqual([9, 9, 9]);
    });
    expectNear(get(dx, x.length), wantedGradient);
  });
});
