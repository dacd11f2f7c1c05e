import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '#lib/random.ts';
import { rocAreas, rocCurve, scoresOf } from './roc.ts';

/** Scores of positive examples, then of negative ones; [member]. */
const POSITIVE = [
  [700, 640, 640, 820, 500, 910, 333, 777],
  [650, 640, 600, 880, 420, 905, 360, 640],
];
const NEGATIVE = [
  [300, 640, 500, 120, 450, 200, 700, 90, 610, 333],
  [350, 600, 560, 160, 400, 260, 705, 140, 600, 300],
];
const isPositive = Uint8Array.from({ length: 18 }, (_, x) => (x < 8 ? 1 : 0));
const everyone = new Uint8Array(18).fill(1);
const population = (...members: readonly number[]) =>
  scoresOf(members.map(String), Uint16Array.from(members.flatMap((k) => [...POSITIVE[k]!, ...NEGATIVE[k]!])), 18);

/** The share of pairs in the right order, ties half. */
function byPairs(codes: readonly number[], positive: readonly boolean[]): number {
  let [sum, pairs] = [0, 0];
  codes.forEach((a, i) => {
    codes.forEach((b, j) => {
      if (!positive[i] || positive[j]) return;
      pairs++;
      sum += a > b ? 1 : a === b ? 0.5 : 0;
    });
  });
  return sum / pairs;
}

describe('areas under ROC curves', () => {
  it('are those of SciPy 1.10.1 (mannwhitneyu), with DeLong’s intervals computed in NumPy from all pairs', () => {
    const { baseline, compressed, change, positives, negatives } = rocAreas(
      population(0),
      population(0, 1),
      isPositive,
      everyone,
    );
    expect([positives, negatives]).toEqual([8, 10]);
    expect(baseline.examples).toEqual({ value: 0.84375, low: expect.closeTo(0.6618075714605532, 12), high: 1 });
    expect(baseline.both).toEqual({ value: 0.84375, low: null, high: null });
    expect(compressed.examples.value).toBeCloseTo(0.834375, 12);
    expect(compressed.examples.low).toBeCloseTo(0.6470943712795404, 12);
    expect(change.examples.value).toBeCloseTo(-0.009375, 12);
    const paired = rocAreas(population(0), population(1), isPositive, everyone).change.examples;
    expect(paired.value).toBeCloseTo(-0.01875, 12);
    expect(paired.low).toBeCloseTo(-0.07678400440645852, 12);
    expect(paired.high).toBeCloseTo(0.03928400440645844, 12);
  });

  it('are not estimable where a class is missing or too small, and say how many there are', () => {
    const negatives = Uint8Array.from(isPositive, (flag) => 1 - flag);
    const none = rocAreas(population(0), population(1), isPositive, negatives);
    expect(none).toMatchObject({ positives: 0, negatives: 10, change: { both: { value: null } } });
    expect(rocAreas(population(0), population(1), isPositive, everyone, 9).baseline.examples.value).toBeNull();
    expect(rocAreas(population(0), population(1), isPositive, everyone, 8).baseline.examples.value).toBe(0.84375);
    const one = Uint8Array.from(everyone, (_, x) => (x === 0 || x > 7 ? 1 : 0));
    expect(rocAreas(population(0), population(1), isPositive, one).baseline.examples).toMatchObject({
      value: 0.95,
      low: null,
    });
    expect(rocCurve(population(0), isPositive, negatives)).toEqual([]);
  });

  it('take members with the same names as pairs, whose difference varies less than their areas', () => {
    const codes = (shift: number) => Uint16Array.from([...POSITIVE, ...NEGATIVE].flat(), (code) => code + shift);
    const layout = (all: Uint16Array) =>
      Uint16Array.from([...all.slice(0, 8), ...all.slice(16, 26), ...all.slice(8, 16), ...all.slice(26)]);
    const [a, b] = [scoresOf(['0', '1'], layout(codes(0)), 18), scoresOf(['0', '1'], layout(codes(3)), 18)];
    expect(rocAreas(a, b, isPositive, everyone).change.members).toEqual({ value: 0, low: 0, high: 0 });
    const other = scoresOf(['0', '2'], layout(codes(3)), 18);
    expect(rocAreas(a, other, isPositive, everyone).change.members.high).toBeGreaterThan(0.1);
  });

  const drawn = fc
    .array(fc.record({ code: fc.integer({ min: 0, max: 12 }), positive: fc.boolean(), inside: fc.boolean() }), {
      minLength: 1,
      maxLength: 40,
    })
    .filter((all) => [true, false].every((flag) => all.some(({ positive, inside }) => inside && positive === flag)));

  it('count the pairs of a group in the right order, ties half, whatever the scale of the scores', () => {
    fc.assert(
      fc.property(drawn, (all) => {
        const flags = Uint8Array.from(all, ({ positive }) => Number(positive));
        const inside = Uint8Array.from(all, (one) => Number(one.inside));
        const scores = (of: (code: number) => number) =>
          scoresOf(
            ['0'],
            Uint16Array.from(all, ({ code }) => of(code)),
            all.length,
          );
        const found = rocAreas(
          scores((code) => code),
          scores((code) => 65_535 - code ** 2),
          flags,
          inside,
        );
        const own = all.filter((one) => one.inside);
        const expected = byPairs(
          own.map(({ code }) => code),
          own.map(({ positive }) => positive),
        );
        expect(found.baseline.examples.value).toBeCloseTo(expected, 12);
        expect(found.compressed.examples.value).toBeCloseTo(1 - expected, 12);
        const { value, low, high } = found.change.both;
        expect(low === null || (low <= value! && value! <= high!)).toBe(true);
      }),
    );
  });

  it('are the area below the curve of a single member', () => {
    fc.assert(
      fc.property(drawn, (all) => {
        const flags = Uint8Array.from(all, ({ positive }) => Number(positive));
        const inside = Uint8Array.from(all, (one) => Number(one.inside));
        const scores = scoresOf(
          ['0'],
          Uint16Array.from(all, ({ code }) => code),
          all.length,
        );
        const points = rocCurve(scores, flags, inside);
        const area = points
          .slice(1)
          .reduce((sum, { fpr, tpr }, i) => sum + ((fpr - points[i]!.fpr) * (tpr + points[i]!.tpr)) / 2, 0);
        expect(area).toBeCloseTo(rocAreas(scores, scores, flags, inside).baseline.examples.value!, 12);
        expect(points[0]).toMatchObject({ fpr: 0, tpr: 0 });
        expect(points.at(-1)).toMatchObject({ fpr: 1, tpr: 1 });
        points.slice(1).forEach((point, i) => expect(point.code).toBeLessThan(points[i]!.code));
      }),
      { numRuns: 40 },
    );
  });

  it('lie in DeLong’s interval in 93 to 97 of 100 draws of 100 examples each', () => {
    const random = stream(17, 'roc-coverage');
    const flags = Uint8Array.from({ length: 100 }, (_, x) => (x < 40 ? 1 : 0));
    const inside = new Uint8Array(100).fill(1);
    // Normal scores one standard deviation apart: the area is the normal distribution at 1 / sqrt(2).
    const truth = 0.7602499;
    let held = 0;
    const draws = 500;
    for (let draw = 0; draw < draws; draw++) {
      const codes = Uint16Array.from(flags, (flag) => Math.round(30_000 + 4000 * (random.normal() + flag)));
      const scores = scoresOf(['0'], codes, 100);
      const { low, high } = rocAreas(scores, scores, flags, inside).baseline.examples;
      if (low! <= truth && truth <= high!) held++;
    }
    expect(held / draws).toBeGreaterThan(0.93);
    expect(held / draws).toBeLessThan(0.97);
  });
});
