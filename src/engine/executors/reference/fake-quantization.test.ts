import { describe, expect, it } from 'vitest';
import { activationGrid } from '#compression/quantize.ts';
import {
  gridOfRange,
  moveRanges,
  straightThrough,
  withRoundedKernels,
} from '#engine/executors/reference/fake-quantization.ts';
import { lossAndGradients } from '#engine/executors/reference/step.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { netBuilder } from '#testing/net-builder.ts';
import { randomData, randomParameters } from '#testing/small-nets.ts';

describe('rounded kernels', () => {
  it('have a scale per output channel of a convolution and one for a dense layer; all else stays', () => {
    const net = netBuilder([1, 1, 2]);
    net.conv({ filters: 2, kernel: 1 });
    net.batchNorm();
    const program = net.program(2);
    const weights = new Float64Array(program.parameterCount);
    weights.set([127, 0, 1.5, 0, 0.3, 0.3]); // channel 1 is all zeros
    weights.set([1.1, 1.2, 1.3, 1.4], 8); // scale and shift
    weights.set([-12.7, 0.26, 0.04, 0], 16);
    const rounded = withRoundedKernels(program, weights);
    expect([...rounded.subarray(0, 6)]).toEqual([127, 0, 2, 0, 0.3, 0.3]);
    expect([...rounded.subarray(8, 12)]).toEqual([1.1, 1.2, 1.3, 1.4]);
    [-12.7, 0.3, 0, 0].forEach((w, i) => expect(rounded[16 + i]).toBeCloseTo(w, 12));
    expect(weights[2]).toBe(1.5);
  });
});

describe('straightThrough', () => {
  it('passes between the ends of the grid, both included', () => {
    const grid = { scale: 0.5, zeroPoint: -28 }; // -50 ... 77.5
    const values = Float64Array.of(-50.01, -50, 0, 77.5, 77.51);
    expect([...straightThrough(values, Float64Array.of(1, 2, 3, 4, 5), grid)]).toEqual([0, 2, 3, 4, 0]);
  });
});

describe('ranges', () => {
  it('move towards the batch, never away from 0, and only where they are marked', () => {
    const ranges = Float32Array.of(-1, 1, -2, 4, -3, 3);
    moveRanges(
      { points: [false, true, true], ranges },
      [Float64Array.of(50), Float64Array.of(1, 8), Float64Array.of(-7, -5)],
      0.75,
    );
    expect([...ranges]).toEqual([-1, 1, -1.5, 5, -4, 2.25]);
  });

  it('give the grid of post-training quantization, and NaN for a diverged member', () => {
    expect(gridOfRange(Float32Array.of(0, 0, -1, 3), 1)).toEqual(activationGrid(-1, 3));
    expect(gridOfRange(Float32Array.of(0, Number.NaN), 0).scale).toBeNaN();
    expect(gridOfRange(Float32Array.of(0, Infinity), 0).scale).toBeNaN();
  });
});

/**
 * What straight-through gradients are the true gradients of, near the given weights: rounding as an addition of constants, to
 * kernels and to values that lie in the grid; values outside stand still. For an mlp with one hidden layer.
 */
describe('a step with fake quantization', () => {
  const program = buildProgram({ kind: 'mlp', hidden: [6] }, [1, 1, 4], 3);
  const { inputs, labels } = randomData(program, 5, 2);
  const parameters = randomParameters(program, 3);
  const batch = Int32Array.of(0, 1, 2, 3, 4);
  const points = [true, true, true];
  // The hidden range is too small for some values, and so is the lower end of the logits.
  const ranges = Float32Array.of(-2, 2, 0, 0.8, -0.3, 3);
  const fake = { points, ranges };
  const round = (x: number, point: number): number => {
    const { scale, zeroPoint } = activationGrid(ranges[2 * point]!, ranges[2 * point + 1]!);
    return (Math.max(-128, Math.min(127, Math.round(x / scale) + zeroPoint)) - zeroPoint) * scale;
  };
  const inside = (x: number, point: number): boolean => {
    const { scale, zeroPoint } = activationGrid(ranges[2 * point]!, ranges[2 * point + 1]!);
    return x >= (-128 - zeroPoint) * scale && x <= (127 - zeroPoint) * scale;
  };

  /** One example through weights that are rounded by constants; `seen` notes, or replays, what each value was rounded by. */
  const run = (weights: Float64Array, example: number, seen: Map<string, number>): number => {
    const rounded = (x: number, point: number, unit: number): number => {
      const key = `${String(example)} ${String(point)} ${String(unit)}`;
      if (!seen.has(key)) seen.set(key, inside(x, point) ? round(x, point) - x : Number.NaN);
      const by = seen.get(key)!;
      if (!Number.isNaN(by)) return x + by;
      const end = `end ${key}`;
      if (!seen.has(end)) seen.set(end, round(x, point));
      return seen.get(end)!;
    };
    let values = Array.from(inputs.data.slice(example * 4, example * 4 + 4), (x) => round(x, 0));
    program.ops.forEach((op, index) => {
      if (op.kind !== 'dense') throw new Error('This is not an mlp.');
      const units = op.out[2];
      const of = (at: number): number => weights[op.offset + at]!;
      const next = Array.from({ length: units }, (_, unit) =>
        values.reduce((sum, x, i) => sum + x * of(i * units + unit), of(op.kernelSize + unit)),
      );
      values = next.map((y, unit) => rounded(op.relu ? Math.max(0, y) : y, index + 1, unit));
    });
    const logSum = Math.log(values.reduce((sum, z) => sum + Math.exp(z), 0));
    return logSum - values[labels[example]!]!;
  };

  it('has the loss of rounded values and the gradients that pass straight through the rounding', () => {
    const { loss, gradients } = lossAndGradients(program, parameters, inputs, labels, batch, { fake });
    const kernels = withRoundedKernels(program, parameters);
    const seen = new Map<string, number>();
    const lossAt = (weights: Float64Array): number =>
      batch.reduce((sum, example) => sum + run(weights, example, seen), 0) / batch.length;
    expect(loss).toBeCloseTo(lossAt(kernels), 12);
    expect([...seen.keys()].some((key) => key.startsWith('end'))).toBe(true);
    const h = 1e-6;
    for (const { offset, size } of program.tensors)
      for (let i = offset; i < offset + size; i++) {
        const [above, below] = [h, -h].map((shift) => {
          const shifted = kernels.slice();
          shifted[i]! += shift;
          return lossAt(shifted);
        });
        expect(gradients[i]).toBeCloseTo((above! - below!) / (2 * h), 7);
      }
    const plain = lossAndGradients(program, parameters, inputs, labels, batch);
    expect(Math.abs(plain.loss - loss)).toBeGreaterThan(1e-3);
  });
});
