import { describe, expect, it } from 'vitest';
import { forward, PLAIN_PREDICTION } from '#engine/executors/reference/forward.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { BATCH_NORM_EPSILON } from '#engine/model/program.ts';
import { netBuilder } from '#testing/net-builder.ts';

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

  it('rounds the input of the one op only that is told so, not of other readers of the point', () => {
    const net = netBuilder([1, 1, 2]);
    const input = 0;
    net.dense(2, { from: input });
    net.add(input);
    const program = net.program(2);
    const parameters = new Float64Array(program.parameterCount);
    parameters.set([1, 0, 0, 1]);
    const x = Float64Array.from([127, 0.6]);
    const { points } = forward(program, parameters, x, { training: false, dynamic: [true, false, false] });
    expect([...points[1]!]).toEqual([127, 1]);
    expect([...points[2]!]).toEqual([254, 1.6]);
    expect([...x]).toEqual([127, 0.6]);
  });

  it('averages windows and whole channels by hand, and drops what fills no window', () => {
    const net = netBuilder([2, 3, 2]);
    const pooled = net.pool('avgpool', 2, { from: 0 });
    const global = net.globalPool({ from: 0 });
    const program = net.program(2);
    const input = Float64Array.from([1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 9, 0]);
    const { points } = forward(program, new Float64Array(program.parameterCount), input, PLAIN_PREDICTION);
    expect([...points[pooled]!]).toEqual([3, 30]);
    expect([...points[global]!].map((x) => Math.round(x * 1e9) / 1e9)).toEqual([4, 25]);
  });

  it('normalizes by the batch in a step and by the running statistics at prediction', () => {
    const net = netBuilder([1, 2, 1]);
    net.batchNorm();
    const program = net.program(2);
    const parameters = new Float64Array(program.parameterCount);
    parameters.set([2, 1, 10, 4 - BATCH_NORM_EPSILON]); // scale, shift, mean, variance
    const input = Float64Array.from([1, 3, 5, 7]); // two examples: mean 4, biased variance 5
    const step = forward(program, parameters, input, { training: true });
    const deviation = Math.sqrt(5 + BATCH_NORM_EPSILON);
    step.points[1]!.forEach((y, i) => expect(y).toBeCloseTo((2 * (input[i]! - 4)) / deviation + 1, 12));
    const prediction = forward(program, parameters, input, PLAIN_PREDICTION);
    expect([...prediction.points[1]!]).toEqual([-8, -6, -4, -2]);
  });
});
