import { describe, expect, it } from 'vitest';
import { stream } from '#lib/random.ts';
import { expectNear, kernelBench } from '#testing/kernel-bench.ts';

const { call, put, get } = kernelBench();

const COUNT = 12;
const RATE = 0.5;
const ADAM = { beta1: 0.5, beta2: 0.75, epsilon: 1e-3, first: 0.5, second: 0.25 };

/** The rule of each kernel in plain numbers: gives the new weight and the new state. */
const RULES = {
  updateSgd: (w: number, g: number, d: number, state: readonly number[]) => [w - RATE * (g + d * w), ...state],
  updateMomentum: (w: number, g: number, d: number, [v = 0, other = 0]: readonly number[]) => {
    const next = 0.9 * v + g + d * w;
    return [w - RATE * next, next, other];
  },
  updateAdam: (w: number, g: number, d: number, [m = 0, s = 0]: readonly number[]) => {
    const moment = ADAM.beta1 * m + (1 - ADAM.beta1) * g;
    const square = ADAM.beta2 * s + (1 - ADAM.beta2) * g * g;
    const change = moment / ADAM.first / (Math.sqrt(square / ADAM.second) + ADAM.epsilon);
    return [w - RATE * (change + d * w), moment, square];
  },
};

describe('update kernels', () => {
  it.each(
    (['updateSgd', 'updateMomentum', 'updateAdam'] as const).flatMap((name) =>
      [0, 1].flatMap((zeroed) => [false, true].map((decayed) => ({ name, zeroed, decayed }))),
    ),
  )('$name, zeroed $zeroed, decay $decayed', ({ name, zeroed, decayed }) => {
    const random = stream(3, name);
    const some = (): Float32Array => Float32Array.from({ length: COUNT }, random.normal);
    const [w, g, m] = [some(), some(), some()];
    const s = some().map((x) => x * x);
    const mask = w.map((_, i) => (i % 3 === 1 ? 0 : 1));
    const decays = w.map((_, i) => (decayed && i % 4 !== 0 ? 0.125 * (i + 1) : 0));
    const [raw, masks, effective, moments, squares] = [put(w), put(mask), put(some()), put(m), put(s)];
    const head = [raw, masks, effective] as const;
    const state = { updateSgd: [], updateMomentum: [moments], updateAdam: [moments, squares] }[name];
    const { beta1, beta2, epsilon, first, second } = ADAM;
    const numbers = {
      updateSgd: [],
      updateMomentum: [0.9],
      updateAdam: [beta1, beta2, 1 - beta1, 1 - beta2, epsilon, first, second],
    }[name];
    call(name, ...head, ...state, put(g), decayed ? put(decays) : 0, zeroed, COUNT * 4, RATE, ...numbers);
    const wanted = Array.from(w, (weight, i) => {
      const old = [zeroed ? weight * mask[i]! : weight, m[i]!, s[i]!] as const;
      return mask[i] === 0 && !zeroed ? old : RULES[name](old[0], g[i]!, decays[i]!, old.slice(1));
    });
    expectNear(
      get(raw, COUNT),
      wanted.map(([next]) => next!),
    );
    expectNear(
      get(effective, COUNT),
      wanted.map(([next], i) => next! * mask[i]!),
    );
    expectNear(
      get(moments, COUNT),
      wanted.map((next) => next[1]!),
    );
    expectNear(
      get(squares, COUNT),
      wanted.map((next) => next[2]!),
    );
  });

  it('let state that decays end at zero', () => {
    const [ones, zeros] = [put([1, 1, 1, 1]), put([0, 0, 0, 0])];
    const fading = [1e-37, -1.2e-37, 1, 0];
    const [velocity, moments, squares] = [put(fading), put(fading), put(fading.map(Math.abs))];
    call('updateMomentum', put([1, 1, 1, 1]), ones, put(fading), velocity, zeros, 0, 0, 16, 0.5, 0.5);
    expect(get(velocity, 4).map((x) => x + 0)).toEqual([0, 0, 0.5, 0]);
    const numbers = [0.5, 0.5, 0.5, 0.5, 1e-7, 1, 1] as const;
    call('updateAdam', put([1, 1, 1, 1]), ones, put(fading), moments, squares, zeros, 0, 0, 16, 0.5, ...numbers);
    expect(get(moments, 4).map((x) => x + 0)).toEqual([0, 0, 0.5, 0]);
    expect(get(squares, 4).map((x) => x + 0)).toEqual([0, 0, 0.5, 0]);
  });
});
