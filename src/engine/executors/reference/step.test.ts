import { describe, expect, it } from 'vitest';
import { lossAndGradients } from '#engine/executors/reference/step.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { netBuilder } from '#testing/net-builder.ts';
import { randomData, randomParameters } from '#testing/small-nets.ts';

describe('lossAndGradients', () => {
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

  it('keeps what is left of denormal inputs', () => {
    const program = buildProgram({ kind: 'mlp', hidden: [] }, [1, 1, 1], 2);
    const inputs = { kind: 'floats', data: Float32Array.of(1e-40) } as const;
    const parameters = new Float64Array(program.parameterCount);
    const { gradients } = lossAndGradients(program, parameters, inputs, Uint16Array.of(1), Int32Array.of(0));
    expect([...gradients.subarray(0, 4)]).toEqual([inputs.data[0]! / 2, -inputs.data[0]! / 2, 0.5, -0.5]);
  });

  it('hands the gradient of tied pixels of a pool to the first of them', () => {
    const net = netBuilder([2, 2, 2]);
    net.conv({ filters: 1, kernel: 1 });
    net.pool('maxpool', 2);
    const program = net.program(2);
    const inputs = { kind: 'floats', data: Float32Array.of(-9, 0, 0, 3, 3, 0, -9, 0) } as const; // channel 1 ties with channel 0
    const parameters = new Float64Array(program.parameterCount);
    parameters.set([0.5, 0.5, 0, 0, 1, -1]);
    const { gradients } = lossAndGradients(program, parameters, inputs, Uint16Array.of(0), Int32Array.of(0));
    expect(gradients[1]).not.toBe(0);
    expect(gradients[0]).toBe(0);
  });

  it('refuses an empty batch and an example that does not exist', () => {
    const program = buildProgram({ kind: 'mlp', hidden: [] }, [1, 1, 3], 2);
    const { inputs, labels } = randomData(program, 2, 1);
    const parameters = randomParameters(program, 1);
    expect(() => lossAndGradients(program, parameters, inputs, labels, Int32Array.of())).toThrow(/at least one/);
    expect(() => lossAndGradients(program, parameters, inputs, labels, Int32Array.of(2))).toThrow(/no example 2/);
  });
});
