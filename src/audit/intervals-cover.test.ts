import { describe, expect, it } from 'vitest';
import { quickAudit } from '#audit/audit.ts';
import { biasIntervals } from '#audit/bias-bootstrap.ts';
import { uncertainCount } from '#audit/cie-count.ts';
import { combinationsOf, hypergeometricTail } from '#audit/slice-tests.ts';
import { expectedOverlap, widthWith } from '#audit/enough.ts';
import { squareAndAdd } from '#audit/intervals.ts';
import { ratioOverExamples } from '#audit/over-indexing.ts';
import { prepareTable, type Audited } from '#audit/prepared.ts';
import { runSteps } from '#audit/steps.ts';
import { stream, type RandomStream } from '#lib/random.ts';

describe('over-indexing over examples', () => {
  it('covers the true ratio', () => {
    const random = stream(4, 'ratio');
    const [inGroup, outside, share] = [0.12, 0.04, 0.2];
    const truth = inGroup / (share * inGroup + (1 - share) * outside);
    let covered = 0;
    const worlds = 800;
    for (let i = 0; i < worlds; i++) {
      let [size, cieCount, cies] = [0, 0, 0];
      for (let x = 0; x < 1000; x++) {
        const inside = random.next() < share;
        const cie = random.next() < (inside ? inGroup : outside);
        size += Number(inside);
        cies += Number(cie);
        cieCount += Number(inside && cie);
      }
      const { low, high } = ratioOverExamples({ cieCount, size, cies, examples: 1000 });
      if (low! <= truth && truth <= high!) covered++;
    }
    expect(covered / worlds).toBeGreaterThan(0.93);
    expect(covered / worlds).toBeLessThan(0.97);
  });

  it('has no lower end but 0 without a CIE in the group, and nothing without CIE', () => {
    const none = ratioOverExamples({ cieCount: 0, size: 50, cies: 10, examples: 200 });
    expect(none.low).toBe(0);
    expect(none.high).toBeGreaterThan(0.5);
    expect(ratioOverExamples({ cieCount: 0, size: 50, cies: 0, examples: 200 }).value).toBeNull();
    expect(ratioOverExamples({ cieCount: 10, size: 200, cies: 10, examples: 200 })).toMatchObject({ low: 1, high: 1 });
  });
});

/** Members that err with the logit shift + example + member effects, more in group 0. */
function biasWorld(random: RandomStream, effect: number) {
  const [members, n] = [8, 300];
  const codes = Int16Array.from({ length: n }, () => random.int(2));
  const labels = Uint16Array.from({ length: n }, () => random.int(2));
  const hard = Float64Array.from({ length: n }, () => random.normal());
  const luck = Float64Array.from({ length: members }, () => 0.2 * random.normal());
  const population = (name: string, shift: number) => ({
    name,
    members: Array.from({ length: members }, (_, k) => String(k)),
    predictions: Uint8Array.from({ length: members * n }, (_, at) => {
      const x = at % n;
      const logit = shift + (codes[x] === 0 ? effect : 0) + hard[x]! + luck[Math.floor(at / n)]!;
      const wrong = random.next() < 1 / (1 + Math.exp(-logit));
      return wrong ? 1 - labels[x]! : labels[x]!;
    }),
  });
  const ids = Array.from({ length: n }, (_, x) => String(x));
  const attributes = [{ name: 'A', values: ['0', '1'], codes }];
  return {
    examples: { ids, classes: ['0', '1'], labels, attributes },
    baseline: population('baseline', -2),
    compressed: [population('pruned', -1.3)],
  };
}
function expectedError(shift: number): number {
  const random = stream(9, 'truth');
  let sum = 0;
  for (let i = 0; i < 100_000; i++) sum += 1 / (1 + Math.exp(-(shift + random.normal() + 0.2 * random.normal())));
  return sum / 100_000;
}

describe('the bias bootstrap', () => {
  it.each([0, 1])('covers the bias where groups differ by %i logits', (effect) => {
    const truth = 2 * (expectedError(-2 + effect) - expectedError(-2));
    let covered = 0;
    const worlds = 40;
    for (let i = 0; i < worlds; i++) {
      const table = biasWorld(stream(i, 'bias', effect), effect);
      const options = { positive: '1', tieRule: 'largest-class', seed: 1, percentiles: [], minCount: 1 } as const;
      const prepared = prepareTable(table, options);
      const biases = quickAudit(prepared).comparisons[0]!.equalizedOddsBias;
      const side = ({ wrong, profile, population }: Audited) => ({ wrong, profile, members: population.members });
      const steps = biasIntervals(
        table.examples,
        prepared.features,
        1,
        side(prepared.baseline),
        side(prepared.levels[0]!.level),
        biases,
        stream(i, 'draws'),
      );
      const found = runSteps(steps)['A']!;
      const { value, low, high } = found.baseline.both;
      expect(value).toBe(biases['A']!.baseline);
      expect(low).toBeLessThanOrEqual(value!);
      expect(high).toBeGreaterThanOrEqual(value!);
      if (low! <= truth && truth <= high!) covered++;
    }
    expect(covered / worlds).toBeGreaterThanOrEqual(0.9);
  });
});

describe('counts and slices', () => {
  it('adds what examples and members bring to a count as squares', () => {
    const { examples, members, both } = uncertainCount(40, 1000, Float64Array.of(30, 50, 35, 45));
    expect(both.high! - 40).toBeCloseTo(Math.hypot(examples.high! - 40, members.high! - 40), 9);
    expect(both.low).toBeCloseTo(40 - Math.hypot(40 - examples.low!, 40 - members.low!), 9);
    expect(uncertainCount(0, 1000, new Float64Array()).both).toEqual({ value: 0, low: null, high: null });
    expect(squareAndAdd({ value: 1, low: 0, high: 4 }, { value: 1, low: 1, high: 5 })).toEqual({
      value: 1,
      low: 0,
      high: 6,
    });
  });

  // SciPy 1.10.1: hypergeom.sf(found - 1, count, marked, n)
  it.each([
    [3, 10, 20, 200, 0.0652854504939881],
    [12, 40, 60, 1000, 1.0947080065480654e-6],
    [30, 71, 254, 8000, 6.183585508097316e-27],
    [1, 5, 1, 100, 0.05],
    [0, 4, 3, 50, 1.0],
  ])('hypergeometric tail %i of %i, %i marked of %i', (found, n, marked, count, p) => {
    expect(hypergeometricTail(found, n, marked, count) / p).toBeCloseTo(1, 6);
  });

  it('counts combinations of one to three values', () => {
    expect(combinationsOf([2, 3])).toBe(2 + 3 + 6);
    expect(combinationsOf([2, 2, 2, 2])).toBe(8 + 24 + 32);
    expect(combinationsOf([])).toBe(0);
  });
});

describe('more members', () => {
  it('follow the formula of Spearman and Brown where the overlap does', () => {
    const overlap = (members: number): number => (members * 0.1) / (1 + (members - 1) * 0.1);
    const measured = [2, 4, 8, 15].map((members) => ({ members, overlap: overlap(members) }));
    expect(expectedOverlap(measured, [30])[0]!.overlap).toBeCloseTo(overlap(30), 9);
    expect(expectedOverlap([{ members: 5, overlap: 1 }], [10])).toEqual([]);
  });

  it('narrow the part of the interval that comes from members, and no more', () => {
    const at = (half: number) => ({ value: 0, low: -half, high: half });
    const change = { examples: at(3), members: at(4), both: at(5) };
    expect(widthWith(change, 1)).toBeCloseTo(1);
    expect(widthWith(change, 4)).toBeCloseTo(Math.sqrt(9 + 4) / 5);
    expect(widthWith(change, Infinity)).toBeCloseTo(3 / 5);
    expect(widthWith({ ...change, both: { value: 0, low: null, high: null } }, 2)).toBeNull();
  });
});
