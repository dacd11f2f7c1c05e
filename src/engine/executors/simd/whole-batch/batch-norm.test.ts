import { describe, expect, it } from 'vitest';
import { MASK_NONE, MASK_Y, MASK_Z } from '#engine/executors/simd/whole-batch/codes.ts';
import { stream } from '#lib/random.ts';
import { IMAGES, imagesOn } from '#testing/batch-images.ts';
import { expectNear, kernelBench } from '#testing/kernel-bench.ts';

const bench = kernelBench();
const { call, put, get } = bench;
const random = stream(21, 'whole-batch kernels');
const normal = (): number => random.normal();
const images = imagesOn(bench);

describe('batch norm of whole batches', () => {
  const [height, width, channels, stored] = [3, 5, 11, 16];
  const ofChannel = (values: readonly number[], c: number): number[] => values.filter((_, i) => i % stored === c);
  const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
  const record = (): number => put(new Float32Array(7 * stored));

  it('takes moments of a large mean without losing digits, in any groups of images, and moves the running statistics', () => {
    const z = images(height, width, channels, stored, 1, () => 1000 + 0.01 * normal());
    const params = Float32Array.from({ length: 4 * channels }, (_, i) =>
      i < channels ? 0.5 + random.next() : normal(),
    );
    const [moments, coef, running] = [put(new Float32Array(4 + 4 * stored)), record(), put(params.slice(2 * channels))];
    call('batchMoments', z.record, 2, 1, moments);
    call('batchMoments', z.record, 0, 2, moments);
    call('batchNormFinish', moments, put(params), running, channels, stored, coef);
    const n = IMAGES * height * width;
    const got = get(coef, 7 * stored);
    const moved = get(running, 2 * channels);
    for (let c = 0; c < channels; c++) {
      const values = ofChannel(z.read(), c);
      const mean = meanOf(values);
      const variance = meanOf(values.map((x) => (x - mean) ** 2));
      const a = params[c]! / Math.sqrt(variance + 1e-5);
      expect(got[c]! / a).toBeCloseTo(1, 5);
      expect(got[2 * stored + c]! / mean).toBeCloseTo(1, 6);
      expect((got[stored + c]! + mean * a) / (mean * a)).toBeCloseTo(params[channels + c]! / mean / a, 6);
      expect(moved[c]! / (0.9 * params[2 * channels + c]! + 0.1 * mean)).toBeCloseTo(1, 6);
      expect(moved[channels + c]).toBeCloseTo(0.9 * params[3 * channels + c]! + (0.1 * variance * n) / (n - 1), 6);
    }
    expect(got.filter((_, i) => i % stored >= channels).every((x) => x === 0)).toBe(true);
  });

  it('predicts by the running statistics', () => {
    const params = [2, -1, 0.5, 3, 4, 1, 0.25, 9]; // scale, shift, mean, variance of two channels
    const coef = record();
    call('batchNormPredict', put(params), 2, stored, coef);
    const a = [2 / Math.sqrt(0.25 + 1e-5), -1 / Math.sqrt(9 + 1e-5)];
    expectNear(get(coef, 2), a);
    expectNear(get(coef + stored * 4, 2), [0.5 - 4 * a[0]!, 3 - 1 * a[1]!]);
  });

  it('normalizes, adds and cuts off; its gradient is that of finite sums', () => {
    const z = images(height, width, channels, stored, 1, normal);
    const other = images(height, width, channels, stored, 2, normal);
    const params = Float32Array.from({ length: 4 * channels }, () => 0.5 + random.next());
    const [moments, coef] = [put(new Float32Array(4 + 4 * stored)), record()];
    call('batchMoments', z.record, 0, IMAGES, moments);
    call('batchNormFinish', moments, put(params), put(new Float32Array(2 * channels)), channels, stored, coef);
    const ones = put(Float32Array.from({ length: 2 * stored }, (_, i) => (i < stored ? 1 : 0)));
    const [a, b] = [get(coef, stored), get(coef + 4 * stored, stored)];
    const values = z.read();
    const before = values.map((x, i) => a[i % stored]! * x + b[i % stored]!);
    const applied = images(height, width, channels, stored, 1);
    call('batchApply', applied.record, z.record, coef, 1, 0, IMAGES);
    expectNear(
      applied.read(),
      before.map((x) => Math.max(0, x)),
    );
    const joined = images(height, width, channels, stored, 0);
    call('batchJoin', joined.record, z.record, coef, other.record, ones, 1, 0, IMAGES);
    const sums = other.read().map((x, i) => x + before[i]!);
    expectNear(
      joined.read(),
      sums.map((x) => Math.max(0, x)),
    );

    for (const [mask, y, passes] of [
      [MASK_NONE, 0, () => true],
      [MASK_Z, 0, (i: number) => before[i]! > 0],
      [MASK_Y, joined.record, (i: number) => sums[i]! > 0],
    ] as const) {
      const d = images(height, width, channels, stored, 0, normal);
      const g = d.read().map((x, i) => (passes(i) ? x : 0));
      const [total, gradients] = [put(new Float32Array(4 * stored)), put(new Float32Array(2 * channels))];
      call('batchJoinSums', d.record, mask, y, z.record, coef, total, 0, IMAGES);
      call('batchNormTurn', total, moments, gradients, channels, stored, coef);
      const to = images(height, width, channels, stored, 1, () => 1);
      call('batchNormGradient', d.record, z.record, coef, to.record, 1, 0, IMAGES);
      expectNear(d.read(), g); // written back
      const [got, params2] = [to.read(), get(gradients, 2 * channels)];
      for (let c = 0; c < channels; c++) {
        const [x, gs] = [ofChannel(values, c), ofChannel(g, c)];
        const mean = meanOf(x);
        const inverse = 1 / Math.sqrt(meanOf(x.map((v) => (v - mean) ** 2)) + 1e-5);
        const hat = x.map((v) => (v - mean) * inverse);
        const product = meanOf(gs.map((v, i) => v * hat[i]!));
        expect(params2[c]).toBeCloseTo(product * x.length, 4);
        expect(params2[channels + c]).toBeCloseTo(meanOf(gs) * x.length, 4);
        const wanted = gs.map((v, i) => 1 + params[c]! * inverse * (v - meanOf(gs) - hat[i]! * product));
        expectNear(ofChannel(got, c), wanted);
      }
    }
  });

  it('stops gradients where a value is not positive, in place too, and clears', () => {
    const [d, y] = [
      images(height, width, channels, stored, 0, normal),
      images(height, width, channels, stored, 1, normal),
    ];
    const wanted = d.read().map((g, i) => (y.read()[i]! > 0 ? g : 0));
    const to = images(height, width, channels, stored, 2, () => 1);
    call('batchMask', d.record, y.record, to.record, 1, 0, IMAGES);
    expectNear(
      to.read(),
      wanted.map((g, i) => g + (i % stored < channels ? 1 : 0)),
    );
    call('batchMask', d.record, y.record, y.record, 0, 0, IMAGES);
    expectNear(y.read(), wanted);
    call('batchMask', d.record, 0, to.record, 0, 0, IMAGES);
    expect(to.read()).toEqual(d.read());
    call('batchClear', to.record, 1, 2);
    const image = height * width * stored;
    expect(to.read()).toEqual([...d.read().slice(0, image), ...new Array<number>(2 * image).fill(0)]);
  });
});
