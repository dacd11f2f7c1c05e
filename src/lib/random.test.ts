import { expect, test } from 'vitest';
import { permutation, stream } from './random.ts';

const draws = (random: { next: () => number }, count: number): number[] =>
  Array.from({ length: count }, () => random.next());

test('the same seed and names give the same draws, other names give others', () => {
  expect(draws(stream(7, 'init', 3), 5)).toEqual(draws(stream(7, 'init', 3), 5));
  expect(draws(stream(7, 'init', 3), 5)).not.toEqual(draws(stream(7, 'init', 4), 5));
  expect(draws(stream(7, 'init', 3), 5)).not.toEqual(draws(stream(8, 'init', 3), 5));
});

test('a restored stream goes on where it was saved', () => {
  const random = stream(1, 'a');
  draws(random, 10);
  const state = random.save();
  const expected = draws(random, 10);
  const other = stream(2, 'b');
  other.restore(state);
  expect(draws(other, 10)).toEqual(expected);
});

test('uniform and normal draws have their moments', () => {
  const random = stream(3, 'moments');
  const n = 20_000;
  const uniform = draws(random, n);
  const normal = Array.from({ length: n }, () => random.normal());
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / n;
  expect(mean(uniform)).toBeCloseTo(0.5, 1);
  expect(Math.abs(mean(normal))).toBeLessThan(0.03);
  expect(mean(normal.map((value) => value * value))).toBeCloseTo(1, 1);
  expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...uniform)).toBeLessThan(1);
});

test('a permutation holds every number once, and neighbouring streams differ', () => {
  const order = permutation(100, stream(1, 'order', 0));
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect([...order]).not.toEqual([...permutation(100, stream(1, 'order', 1))]);
  expect(permutation(0, stream(1)).length).toBe(0);
});
