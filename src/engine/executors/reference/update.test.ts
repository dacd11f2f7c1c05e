import { expect, it } from 'vitest';
import { update } from '#engine/executors/reference/update.ts';

it('takes a momentum step by hand', () => {
  const target = {
    weights: Float32Array.of(1),
    gradients: Float64Array.of(2),
    mask: Float32Array.of(1),
    state: new Float32Array(1),
  };
  update({ kind: 'sgd', momentum: 0.5 }, target, 0.25, 1);
  expect(target.weights[0]).toBe(0.5);
  update({ kind: 'sgd', momentum: 0.5 }, target, 0.25, 2);
  expect(target.weights[0]).toBe(0.5 - 0.25 * 3);
});

it("takes an Adam step by hand: the first moves by the learning rate against the gradient's sign", () => {
  const target = {
    weights: Float32Array.of(1, 1),
    gradients: Float64Array.of(5, -0.01),
    mask: Float32Array.of(1, 1),
    state: new Float32Array(4),
  };
  update({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-12 }, target, 0.25, 1);
  expect(target.weights[0]).toBeCloseTo(0.75, 5);
  expect(target.weights[1]).toBeCloseTo(1.25, 5);
});

it('leaves a masked weight and its state as they are, whatever momentum it had', () => {
  for (const optimizer of [
    { kind: 'sgd', momentum: 0.9 },
    { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-7 },
  ] as const) {
    const target = {
      weights: Float32Array.of(1, 1),
      gradients: Float64Array.of(2, 2),
      mask: Float32Array.of(0, 1),
      state: Float32Array.of(3, 3, 3, 3),
    };
    update(optimizer, target, 0.1, 2);
    expect(target.weights[0]).toBe(1);
    expect(target.weights[1]).not.toBe(1);
    expect([target.state[0], target.state[2]]).toEqual([3, 3]);
  }
});
