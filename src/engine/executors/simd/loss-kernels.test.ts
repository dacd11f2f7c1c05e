import { beforeAll, describe, expect, it } from 'vitest';
import { expectNear, kernelBench } from '#testing/kernel-bench.ts';

const { call, put, putInts, putBytes, get } = kernelBench();
/** The rows of every test are examples 2, 0 and 1, whose labels are 1, 0 and 1. */
const LABELS = [1, 0, 1];
let indices = 0;
let labels = 0;

beforeAll(() => {
  indices = putInts([2, 0, 1]);
  labels = putBytes([0, 0, 1, 0, 1, 0]); // uint16 of examples 0, 1, 2
});

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const softmax = (z: readonly number[]): number[] => {
  const e = z.map((x) => Math.exp(x - Math.max(...z)));
  return e.map((x) => x / e.reduce((sum, other) => sum + other, 0));
};
const divergence = (p: readonly number[], q: readonly number[]): number =>
  p.reduce((sum, x, i) => sum + x * Math.log(x / q[i]!), 0);

describe('loss kernels', () => {
  it('give the softmax loss of enormous logits and its gradient', () => {
    const d = put(new Float32Array(12));
    const logits = put([1e4, 0, 0, 0, Math.log(3), 0, 0, 0, 0, 1e4, 0, 0]);
    const loss = call('softmaxCrossEntropy', logits, d, 16, indices, labels, 3, 2, 0.5);
    expect(loss).toBeCloseTo(1e4 + Math.log(4 / 3), 2);
    expectNear(get(d, 12), [0.5, -0.5, 0, 0, -0.125, 0.125, 0, 0, 0, 0, 0, 0]);
  });

  it('give the softmax loss of one class and of many', () => {
    for (const classes of [1, 3, 10]) {
      const z = [0, 1, 2].map((row) => Array.from({ length: classes }, (_, c) => Math.sin(row * classes + c) * 3));
      const only = putBytes([0, 0, 0, 0, 0, 0]);
      const d = put(new Float32Array(3 * classes));
      const loss = call('softmaxCrossEntropy', put(z.flat()), d, 4 * classes, indices, only, 3, classes, 2);
      const p = z.map((row) => softmax(row));
      expect(loss).toBeCloseTo(
        p.reduce((sum, row) => sum - Math.log(row[0]!), 0),
        5,
      );
      expectNear(
        get(d, 3 * classes),
        p.flatMap((row) => row.map((x, c) => 2 * (x - (c === 0 ? 1 : 0)))),
      );
    }
  });

  it('give the logistic loss and its gradient, of enormous logits as well', () => {
    for (const z of [
      [0.3, -2, 5],
      [1e4, -1e4, -1e4],
      [-90, 90, 90],
    ]) {
      const d = put([9, 9, 9, 9, 9, 9]);
      const logits = z.flatMap((x) => [x, 7]);
      const loss = call('logisticCrossEntropy', put(logits), d, 8, indices, labels, 3, 0.5);
      const wanted = z.reduce(
        (sum, x, i) => sum + Math.max(x, 0) - x * LABELS[i]! + Math.log1p(Math.exp(-Math.abs(x))),
        0,
      );
      expect(Math.abs(loss - wanted)).toBeLessThanOrEqual(2e-6 * wanted);
      expectNear(
        get(d, 6),
        z.flatMap((x, i) => [0.5 * (sigmoid(x) - LABELS[i]!), 9]),
      );
      // no denormals, whose products are slow
      expect(get(d, 6).filter((g) => g !== 0 && Math.abs(g) < 1e-37)).toEqual([]);
    }
  });

  it('add the divergence from a teacher and its gradient', () => {
    const examples = [2, 0, 1];
    const teacher = [
      [1, -2, 0.5],
      [3, 3, -1],
      [0, 60, -60],
    ];
    const z = [
      [0.5, 1, -3],
      [2, 0, 0],
      [-1, 4, 80],
    ];
    for (const temperature of [0.5, 1, 4]) {
      const cooled = (x: readonly number[]): number[] => softmax(x.map((value) => value / temperature));
      const pairs = z.map((row, i) => ({ q: cooled(row), p: cooled(teacher[examples[i]!]!) }));
      const d = put(new Float32Array(9).fill(1));
      const got = call(
        'softmaxDistillation',
        put(z.flat()),
        d,
        12,
        indices,
        put(teacher.flat()),
        3,
        3,
        temperature,
        0.25,
      );
      const wanted = pairs.reduce((sum, { p, q }) => sum + divergence(p, q), 0);
      expect(Math.abs(got - wanted)).toBeLessThanOrEqual(1e-5 * wanted);
      expectNear(
        get(d, 9),
        pairs.flatMap(({ p, q }) => p.map((x, c) => 1 + 0.25 * temperature * (q[c]! - x))),
      );
    }
  });

  it('add the divergence from a teacher of one logit', () => {
    const examples = [2, 0, 1];
    const teacher = [0.5, 3, -2];
    const z = [1.5, -4, 0];
    for (const temperature of [0.5, 2]) {
      const pair = (x: number): number[] => [sigmoid(x / temperature), sigmoid(-x / temperature)];
      const pairs = z.map((x, i) => ({ q: pair(x), p: pair(teacher[examples[i]!]!) }));
      const d = put([1, 1, 1]);
      const got = call('logisticDistillation', put(z), d, 4, indices, put(teacher), 3, temperature, 0.25);
      expect(got).toBeCloseTo(
        pairs.reduce((sum, { p, q }) => sum + divergence(p, q), 0),
        5,
      );
      expectNear(
        get(d, 3),
        pairs.map(({ p, q }) => 1 + 0.25 * temperature * (q[0]! - p[0]!)),
      );
    }
  });
});
