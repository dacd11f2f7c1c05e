import { describe, expect, it } from 'vitest';
import { stream } from '#lib/random.ts';
import type { Embeddings } from './embeddings.ts';
import { imageGroups } from './image-groups.ts';
import { kMeans, silhouette } from './k-means.ts';

/** Clouds around points of a plane, one after the other. */
function clouds(points: readonly (readonly [number, number])[], each: number, spread: number): Embeddings {
  const random = stream(3, 'clouds');
  const places = points.flatMap((point) =>
    Array.from({ length: each }, () => point.map((centre) => centre + spread * random.normal())),
  );
  return { width: 2, values: Float32Array.from(places.flat()) };
}
const upTo = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

describe('k-means', () => {
  it('finds the two halves of a line, with their means and the sum of squares', () => {
    const line = { width: 1, values: Float32Array.of(0, 1, 2, 10, 11, 12) };
    const { centres, groups, inertia } = kMeans(line, upTo(6), 2, stream(1, 'test'));
    expect([...centres].sort((a, b) => a - b)).toEqual([1, 11]);
    expect(new Set(groups.subarray(0, 3)).size).toBe(1);
    expect(groups[0]).not.toBe(groups[3]);
    expect(inertia).toBe(4);
  });

  it('takes only the examples that it is given, and as many centres as there are examples', () => {
    const line = { width: 1, values: Float32Array.of(5, 100, 7) };
    expect([...kMeans(line, [0, 2], 1, stream(1, 'test')).centres]).toEqual([6]);
    expect(kMeans(line, [0, 1, 2], 3, stream(1, 'test')).inertia).toBe(0);
  });

  it('ends where all examples are one', () => {
    const point = { width: 2, values: new Float32Array(20).fill(3) };
    expect(kMeans(point, upTo(10), 3, stream(1, 'test')).inertia).toBe(0);
  });

  it('fits better where the groups are as many as the clouds', () => {
    const far = clouds(
      [
        [0, 0],
        [20, 0],
        [0, 20],
      ],
      30,
      1,
    );
    const fit = (k: number): number => silhouette(far, upTo(90), kMeans(far, upTo(90), k, stream(1, 'test')));
    expect(fit(3)).toBeGreaterThan(0.8);
    expect(fit(3)).toBeGreaterThan(fit(2));
    expect(fit(1)).toBe(-1);
  });
});

describe('image groups', () => {
  const far = clouds(
    [
      [0, 0],
      [30, 0],
      [0, 30],
    ],
    40,
    1,
  );
  const codes = Uint16Array.from({ length: 120 }, (_, x) => (x < 40 ? 1 : 0));
  const labels = { codes, classes: 2 };
  // 30 CIE among the 40 of the first cloud, 10 in the second, none in the third.
  const cies = Uint32Array.from([...upTo(30), ...upTo(10).map((x) => x + 40)]);

  it('find the clouds that CIE lie in, with their share against that of the region', () => {
    const found = imageGroups(far, cies, labels, 1)!;
    expect(found.groups).toHaveLength(2);
    expect(found.silhouette).toBeGreaterThan(0.9);
    const [first, second] = found.groups;
    expect([...first!.cies].sort((a, b) => a - b)).toEqual([...upTo(30)]);
    expect(first!.cieShare.value).toBe(0.75);
    expect([...first!.trueLabels]).toEqual([0, 30]);
    expect([...second!.trueLabels]).toEqual([10, 0]);
    expect(first!.region + second!.region).toBe(120);
    expect(first!.share).toBe(first!.region / 120);
    expect(first!.ratio.value).toBeCloseTo(0.75 / first!.share, 12);
    expect(first!.ratio.low).toBeLessThan(first!.ratio.value!);
    expect(first!.ratio.value!).toBeGreaterThan(second!.ratio.value!);
  });

  it('show those nearest to the centre first', () => {
    const [first] = imageGroups(far, cies, labels, 1)!.groups;
    const mean = [0, 1].map((axis) => [...upTo(30)].reduce((sum, x) => sum + far.values[2 * x + axis]!, 0) / 30);
    const distances = [...first!.cies].map((x) =>
      Math.hypot(far.values[2 * x]! - mean[0]!, far.values[2 * x + 1]! - mean[1]!),
    );
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
  });

  it('are the same for the same seed, and none of fewer than 20 CIE', () => {
    expect(imageGroups(far, cies, labels, 5)).toEqual(imageGroups(far, cies, labels, 5));
    expect(imageGroups(far, upTo(19), labels, 1)).toBeNull();
  });
});
