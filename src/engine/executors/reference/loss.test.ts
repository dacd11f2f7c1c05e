import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lossAndGradient } from '#engine/executors/reference/loss.ts';

const logit = fc.double({ min: -20, max: 20, noNaN: true });

describe('the logistic loss', () => {
  it('is log(1 + exp(-z)) of class 1 and log(1 + exp(z)) of class 0', () => {
    const { loss, gradient } = lossAndGradient('logistic', Float64Array.of(2, -3), Uint16Array.of(1, 0));
    expect(loss).toBeCloseTo((Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(-3))) / 2, 12);
    expect(gradient[0]).toBeCloseTo((1 / (1 + Math.exp(-2)) - 1) / 2, 12);
    expect(gradient[1]).toBeCloseTo(1 / (1 + Math.exp(3)) / 2, 12);
  });

  it('is the softmax loss of (0, z), with a teacher as well', () => {
    fc.assert(
      fc.property(logit, logit, fc.nat(1), fc.double({ min: 0, max: 1, noNaN: true }), (z, t, label, weight) => {
        const labels = Uint16Array.of(label);
        const teacher = (...logits: number[]) => ({ temperature: 3, weight, logits: Float64Array.from(logits) });
        const one = lossAndGradient('logistic', Float64Array.of(z), labels, teacher(t));
        const two = lossAndGradient('softmax', Float64Array.of(0, z), labels, teacher(0, t));
        expect(one.loss).toBe(two.loss);
        expect(one.gradient[0]).toBe(two.gradient[1]);
      }),
    );
  });

  it('stays finite for enormous logits', () => {
    const { loss, gradient } = lossAndGradient('logistic', Float64Array.of(-1e4, 1e4), Uint16Array.of(1, 1));
    expect(loss).toBe(5000);
    expect([...gradient]).toEqual([-0.5, 0]);
  });
});

describe('distillation', () => {
  it('by hand: cross-entropy and the divergence from the softened teacher', () => {
    const teacher = { temperature: 2, weight: 0.25, logits: Float64Array.of(2, 0) };
    const { loss } = lossAndGradient('softmax', Float64Array.of(0, 4), Uint16Array.of(1), teacher);
    const share = (z: number): number => 1 / (1 + Math.exp(-z));
    const [t, s] = [share(1), share(-2)]; // of class 0
    const divergence = t * Math.log(t / s) + (1 - t) * Math.log((1 - t) / (1 - s));
    expect(loss).toBeCloseTo(0.75 * Math.log1p(Math.exp(-4)) + 0.25 * 4 * divergence, 12);
  });

  it('is what PyTorch 1.13 computes: (1 - w) cross_entropy + w T^2 kl_div', () => {
    const teacher = { temperature: 3, weight: 0.7, logits: Float64Array.of(2, 1, -1, 0.5, -1.5, 1) };
    const student = Float64Array.of(1.5, -0.5, 0.25, -2, 0.75, 3);
    const { loss, gradient } = lossAndGradient('softmax', student, Uint16Array.of(0, 1), teacher);
    expect(loss).toBeCloseTo(1.278059744068196, 12);
    const wanted = [-0.06496332684643025, -0.09854389051501815, 0.16350721736144827].concat([
      -0.2693535931340744, -0.037270727716914115, 0.30662432085098856,
    ]);
    gradient.forEach((slope, i) => expect(slope).toBeCloseTo(wanted[i]!, 12));
  });

  it('of weight 1 is 0, without a slope, where the student is its teacher; labels do not matter', () => {
    const logits = Float64Array.of(0.5, -1, 3);
    for (const label of [0, 1, 2]) {
      const { loss, gradient } = lossAndGradient('softmax', logits, Uint16Array.of(label), {
        temperature: 4,
        weight: 1,
        logits,
      });
      expect(loss).toBeCloseTo(0, 12);
      gradient.forEach((g) => expect(g).toBeCloseTo(0, 12));
    }
  });

  it('of weight 0 is the plain loss, whatever the teacher says', () => {
    const logits = Float64Array.of(1, 2);
    const plain = lossAndGradient('softmax', logits, Uint16Array.of(0));
    const teacher = { temperature: 2, weight: 0, logits: Float64Array.of(1e4, -1e4) };
    const taught = lossAndGradient('softmax', logits, Uint16Array.of(0), teacher);
    expect(taught.loss).toBeCloseTo(plain.loss, 12);
    taught.gradient.forEach((g, i) => expect(g).toBeCloseTo(plain.gradient[i]!, 12));
  });
});
