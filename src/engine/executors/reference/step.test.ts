import { describe, expect, it } from 'vitest';
import { netBuilder } from '#testing/net-builder.ts';
import { countUpTo, randomData, randomParameters } from '#testing/small-nets.ts';
import { forward, PLAIN_PREDICTION } from '#engine/executors/reference/forward.ts';
import { lossAndGradients } from '#engine/executors/reference/step.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { ModelSpec } from '#engine/model/plan.ts';
import type { Shape, StepProgram } from '#engine/model/program.ts';

const NETS: readonly (readonly [string, ModelSpec, Shape, number])[] = [
  ['an even image', { kind: 'cnn-small', filters: [3, 4], dense: [5] }, [8, 8, 3], 2],
  ['an image of odd sides', { kind: 'cnn-small', filters: [2, 3], dense: [] }, [7, 5, 1], 3],
  ['a single row of windows', { kind: 'cnn-small', filters: [5], dense: [4, 3] }, [2, 9, 2], 4],
  ['a table', { kind: 'mlp', hidden: [6, 5, 4] }, [1, 1, 7], 2],
  ['no hidden layer', { kind: 'mlp', hidden: [] }, [1, 1, 3], 3],
];

describe('lossAndGradients', () => {
  it.each(NETS)('agrees with finite differences on %s', (_, model, input, classes) => {
    const program = buildProgram(model, input, classes);
    const { inputs, labels } = randomData(program, 5, 3);
    const parameters = randomParameters(program, 4);
    const indices = Int32Array.from([0, 3, 4, 3]);
    const { gradients } = lossAndGradients(program, parameters, inputs, labels, indices);
    expectFiniteDifferences(
      program,
      parameters,
      gradients,
      (shifted) => lossAndGradients(program, shifted, inputs, labels, indices).loss,
    );
    expect(gradients.some((g) => g !== 0)).toBe(true);
  });

  it('agrees with finite differences for strides, even kernels and pools of signed values', () => {
    const program = signedPoolProgram();
    const { inputs, labels } = randomData(program, 4, 8);
    const parameters = randomParameters(program, 9);
    const indices = countUpTo(4);
    const { gradients } = lossAndGradients(program, parameters, inputs, labels, indices);
    expectFiniteDifferences(
      program,
      parameters,
      gradients,
      (shifted) => lossAndGradients(program, shifted, inputs, labels, indices).loss,
    );
  });

  it('starts at log(classes) with all-zero parameters and pulls only the last bias', () => {
    const program = buildProgram({ kind: 'mlp', hidden: [2] }, [1, 1, 2], 4);
    const inputs = { kind: 'floats', data: Float32Array.from([1, 2]) } as const;
    const zero = new Float64Array(program.parameterCount);
    const { loss, gradients } = lossAndGradients(program, zero, inputs, Uint16Array.of(1), Int32Array.of(0));
    expect(loss).toBeCloseTo(Math.log(4), 12);
    const bias = program.tensors.at(-1)!;
    expect([...gradients.subarray(bias.offset, bias.offset + 4)]).toEqual([0.25, -0.75, 0.25, 0.25]);
    expect(gradients.filter((g) => g !== 0)).toHaveLength(4);
  });

  it('stays finite where logits are enormous', () => {
    const program = buildProgram({ kind: 'mlp', hidden: [] }, [1, 1, 1], 2);
    const inputs = { kind: 'floats', data: Float32Array.of(1) } as const;
    const parameters = Float64Array.from({ length: program.parameterCount }, (_, i) => (i === 0 ? 1e4 : 0));
    const { loss, gradients } = lossAndGradients(program, parameters, inputs, Uint16Array.of(1), Int32Array.of(0));
    expect(loss).toBe(1e4);
    expect(gradients.every(Number.isFinite)).toBe(true);
  });

  it('refuses an empty batch and an example that does not exist', () => {
    const program = buildProgram({ kind: 'mlp', hidden: [] }, [1, 1, 3], 2);
    const { inputs, labels } = randomData(program, 2, 1);
    const parameters = randomParameters(program, 1);
    expect(() => lossAndGradients(program, parameters, inputs, labels, Int32Array.of())).toThrow(/at least one/);
    expect(() => lossAndGradients(program, parameters, inputs, labels, Int32Array.of(2))).toThrow(/no example 2/);
  });
});

describe('forward', () => {
  it('computes a convolution at the border by hand', () => {
    const program = buildProgram({ kind: 'cnn-small', filters: [1], dense: [] }, [2, 2, 1], 1);
    const parameters = new Float64Array(program.parameterCount);
    parameters.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 0.5]); // kernel [ky, kx], bias
    const { points } = forward(program, parameters, Float64Array.from([1, 10, 100, 1000]), PLAIN_PREDICTION);
    expect([...points[1]!]).toEqual([
      9 * 1000 + 8 * 100 + 6 * 10 + 5 + 0.5,
      5 * 10 + 4 + 8 * 1000 + 7 * 100 + 0.5,
      3 * 10 + 2 + 6 * 1000 + 5 * 100 + 0.5,
      1 + 20 + 400 + 5000 + 0.5,
    ]);
  });

  it('rounds points on the fixed grid and clips what lies outside', () => {
    const program = buildProgram({ kind: 'mlp', hidden: [] }, [1, 1, 2], 2);
    const parameters = new Float64Array(program.parameterCount);
    parameters.set([1, 0, 0, 1]);
    const grid = { scale: 0.5, zeroPoint: -128 }; // 0 ... 127.5
    const { points } = forward(program, parameters, Float64Array.from([0.7, -3, 500, 2.2]), {
      training: false,
      grids: [grid, null],
    });
    expect([...points[1]!]).toEqual([0.5, 0, 127.5, 2]);
  });

  it('quantizes the input of an op per example when told so, and leaves an example of zeros alone', () => {
    const program = buildProgram({ kind: 'mlp', hidden: [] }, [1, 1, 2], 2);
    const parameters = new Float64Array(program.parameterCount);
    parameters.set([1, 0, 0, 1]);
    const { points } = forward(program, parameters, Float64Array.from([127, 0.6, 0, 0, 1.27, 0.006]), {
      training: false,
      dynamic: [true],
    });
    const expected = [127, 1, 0, 0, 1.27, 0.01];
    points[1]!.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));
  });
});

/** conv 2x2 stride 2 without relu on 7x5, then a pool whose windows may be all negative, then dense. */
function signedPoolProgram(): StepProgram {
  const net = netBuilder([7, 5, 2]);
  net.conv({ filters: 3, kernel: 2, stride: 2 });
  net.pool('maxpool', 2);
  return net.program(2);
}

function expectFiniteDifferences(
  program: StepProgram,
  parameters: Float64Array,
  gradients: Float64Array,
  loss: (parameters: Float64Array) => number,
): void {
  const h = 1e-6;
  for (const tensor of program.tensors)
    for (let i = tensor.offset; i < tensor.offset + tensor.size; i++) {
      const shifted = parameters.slice();
      shifted[i] = parameters[i]! + h;
      const above = loss(shifted);
      shifted[i] = parameters[i]! - h;
      const difference = (above - loss(shifted)) / (2 * h);
      expect(Math.abs(difference - gradients[i]!)).toBeLessThan(1e-7 + 1e-5 * Math.abs(difference));
    }
}
