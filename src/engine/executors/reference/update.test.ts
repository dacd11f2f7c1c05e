import { expect, it } from 'vitest';
import type { UpdateTarget } from '#engine/executors/reference/update.ts';
import { decayOf, update } from '#engine/executors/reference/update.ts';
import { residualProgram } from '#testing/small-nets.ts';

it('takes a momentum step by hand', () => {
  const target = {
    weights: Float32Array.of(1),
    gradients: Float64Array.of(2),
    touched: null,
    decay: new Float64Array(1),
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
    touched: null,
    decay: new Float64Array(2),
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
      touched: Float32Array.of(0, 1),
      decay: Float64Array.of(1, 0),
      state: Float32Array.of(3, 3, 3, 3),
    };
    update(optimizer, target, 0.1, 2);
    expect(target.weights[0]).toBe(1);
    expect(target.weights[1]).not.toBe(1);
    expect([target.state[0], target.state[2]]).toEqual([3, 3]);
  }
});

it('decays by hand: SGD as an L2 penalty that momentum gathers, Adam apart from the gradient', () => {
  const target = (slots: number): UpdateTarget => ({
    weights: Float32Array.of(2, 2),
    gradients: Float64Array.of(0, 0),
    touched: null,
    decay: Float64Array.of(0.25, 0),
    state: new Float32Array(2 * slots),
  });
  const sgd = target(1);
  update({ kind: 'sgd', momentum: 0.5, weightDecay: 0.25 }, sgd, 0.5, 1);
  expect([...sgd.weights]).toEqual([1.75, 2]); // v = 0.5
  update({ kind: 'sgd', momentum: 0.5, weightDecay: 0.25 }, sgd, 0.5, 2);
  expect(sgd.weights[0]).toBe(1.75 - 0.5 * (0.25 + 0.25 * 1.75));
  const adam = target(2);
  update({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.25 }, adam, 0.5, 1);
  expect([...adam.weights]).toEqual([1.75, 2]);
  expect([...adam.state]).toEqual([0, 0, 0, 0]);
});

it('decays kernels only', () => {
  const program = residualProgram();
  const decay = decayOf(program, { kind: 'sgd', momentum: 0, weightDecay: 0.5 });
  for (const { kind, offset, size } of program.tensors) {
    const expected = kind.endsWith('kernel') ? 0.5 : 0;
    expect(decay.subarray(offset, offset + size).every((d) => d === expected)).toBe(true);
  }
  expect(decayOf(program, { kind: 'sgd', momentum: 0 }).every((d) => d === 0)).toBe(true);
});
