import { describe, expect, it } from 'vitest';
import { perChannelScales, quantizeWeights, symmetricScale } from '#compression/quantize.ts';
import { stream } from '#lib/random.ts';
import { kernelBench } from '#testing/kernel-bench.ts';

const { call, put, putInts, get, getInts } = kernelBench();
const random = stream(13, 'kernels');
const normals = (count: number): Float32Array => Float32Array.from({ length: count }, random.normal);

describe('quantization kernels', () => {
  it('round halves up and clip', () => {
    const x = put([0.25, -0.25, 0.75, 100]);
    call('quantizeFixed', x, 4, 0.5, -100);
    expect(get(x, 4)).toEqual([0.5, 0, 1, 100]);
    const clipped = put([-20, 200, -13.9, 113.4]);
    call('quantizeFixed', clipped, 4, 0.5, -100);
    expect(get(clipped, 4)).toEqual([-14, 113.5, -14, 113.5]);
    const symmetric = put([-0.25, 0.25, 63.5, -63.5]);
    call('quantizeSymmetric', symmetric, 4, 0.5);
    expect(get(symmetric, 4).map((value) => value + 0)).toEqual([0, 0.5, 63.5, -63.5]);
  });

  it('find ranges of runs of any length', () => {
    for (let count = 1; count < 14; count++) {
      const values = normals(count);
      const range = put([Infinity, -Infinity]);
      call('extendRange', put([...values, 99, -99, 99, -99]), count, range);
      expect(get(range, 2)).toEqual([Math.min(...values), Math.max(...values)]);
    }
  });

  it.each([
    { rows: 1, channels: 1 },
    { rows: 7, channels: 1 },
    { rows: 27, channels: 5 },
    { rows: 9, channels: 8 },
  ])('round weights [$rows, $channels] to the bit as compression does', ({ rows, channels }) => {
    const weights = normals(rows * channels);
    if (channels > 4) for (let row = 0; row < rows; row++) weights[row * channels + 2] = 0; // a channel of zeros
    if (channels > 4) for (let row = 0; row < rows; row++) weights[row * channels + 3] = 1e-40 * row; // and of next to zeros
    const at = put(weights);
    call('roundWeights', at, rows, channels, put(new Float32Array(channels)));
    const scales = channels === 1 ? Float32Array.of(symmetricScale(weights)) : perChannelScales(weights, channels);
    quantizeWeights(weights, scales);
    expect(get(at, weights.length).map((w) => w + 0)).toEqual([...weights].map((w) => w + 0));
  });

  it('round halves of weights away from zero', () => {
    const at = put([127, 0.5, -0.5, 1.5, -1.5, 126.5]);
    call('roundWeights', at, 6, 1, put([0]));
    expect(get(at, 6)).toEqual([127, 1, -1, 2, -2, 127]);
  });

  it('mark where a gradient stops, ends included, and stop it there and nowhere else', () => {
    const x = [-2.01, -2, 0, -0, 3, 3.01, NaN, 1, 5];
    const marked = (off: number, before: number): number[] => {
      const marks = putInts(x.map(() => before));
      call('markBlocked', put(x), marks, 7, -2, 3, off);
      expect(getInts(marks + 28, 2)).toEqual([before, before]); // behind the run
      return getInts(marks, 7);
    };
    expect(marked(-1e38, 0)).toEqual([-1, 0, 0, 0, 0, -1, 0]);
    expect(marked(0, 0)).toEqual([-1, -1, -1, -1, 0, -1, 0]);
    expect(marked(-1e38, -1)).toEqual([-1, -1, -1, -1, -1, -1, -1]);
    const d = put([1, 2, 3, 4, 5, 6, 7, 8]);
    call('stopMarked', d, putInts([-1, 0, 0, -1, -1, 0, -1, -1]), 6);
    expect(get(d, 8)).toEqual([0, 2, 3, 0, 0, 6, 7, 8]);
  });
});
