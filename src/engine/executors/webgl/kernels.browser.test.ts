import { backend } from '@tensorflow/tfjs-core';
import { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '#engine/executors/executor.ts';
import { createDeviceFailure } from '#engine/executors/gpu/failure.ts';
import type { Kernels, Observed } from '#engine/executors/gpu/kernels.ts';
import { layoutOf, packParameters, packRows, unpackRows } from '#engine/executors/gpu/layout.ts';
import { batchNormBackward, batchStatistics } from '#engine/executors/reference/batch-norm.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { createWebglExecutor } from '#engine/executors/webgl/executor.ts';
import { webglKernels } from '#engine/executors/webgl/kernels.ts';
import { batchNormInputGradient, batchNormSums, measure } from '#engine/executors/webgl/kernels/batch-norm.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { Shape } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';
import { expectClose } from '#testing/expect-close.ts';
import { askAndDispose, BATCH, chunkOf, EXAMPLES, parametersOf, randomIndices } from '#testing/gpu-suite-chunks.ts';
import { netBuilder } from '#testing/net-builder.ts';
import { randomData } from '#testing/small-nets.ts';

describe('WebGL kernels', () => {
  let executor: Executor;
  let gpu: MathBackendWebGL;
  let kernels: Kernels;
  beforeAll(async () => {
    const created = await createWebglExecutor();
    if (!created.ok) throw new Error(created.problem.message);
    executor = created.value;
    const current = backend();
    if (!(current instanceof MathBackendWebGL)) throw new Error('The WebGL backend is not the current one.');
    gpu = current;
    kernels = webglKernels(gpu, createDeviceFailure());
  });

  it('normalizes many values far from zero without losing their deviations', async () => {
    const net = netBuilder([13, 11, 5]);
    net.batchNorm();
    const program = net.program(2);
    const layout = layoutOf(program);
    const [layer] = layout.layers;
    const [op] = program.ops;
    if (layer?.kind !== 'batchnorm' || op?.kind !== 'batchnorm') throw new Error('The first layer is no batch norm.');
    const extent = { members: 3, examples: 7, quads: layout.quads };
    const size = extent.examples * shapeSize(program.input);
    const channels = program.input[2];
    const random = stream(1, 'values');
    const values = Float32Array.from(
      { length: extent.members * size },
      (_, i) => 100 * (i % channels) + random.normal(),
    );
    const behind = Float32Array.from(values, random.normal);
    const parameters = parametersOf(program, [1, 2, 3]);

    const input = kernels.upload(packRows(values, channels));
    const delta = kernels.upload(packRows(behind, channels));
    const state = kernels.upload(packParameters(program, layout, parameters));
    const statistics = measure(gpu, extent, layer, input);
    const sums = batchNormSums(gpu, extent, layer, input, delta, statistics);
    const none = { addend: null, gate: null };
    const gradient = batchNormInputGradient(gpu, extent, layer, input, delta, state, statistics, sums, none);
    const all = [input, delta, state, statistics, sums, gradient];
    const [gotStatistics, gotSums, gotGradient] = await Promise.all(
      [statistics, sums, gradient].map(async (array) => unpackRows(await kernels.read(array), channels)),
    );
    for (const array of all) kernels.release(array);

    for (let member = 0; member < extent.members; member++) {
      const own = (array: Float32Array): Float32Array => ownOf(array, member, extent.members);
      const x = Float64Array.from(own(values));
      const { mean, variance } = batchStatistics(op, x);
      const count = size / channels;
      const gradients = new Float64Array(program.parameterCount);
      const wanted = batchNormBackward(
        op,
        x,
        Float64Array.from(own(behind)),
        Float64Array.from(own(parameters)),
        gradients,
        {
          mean,
          variance,
        },
      );
      expectClose(own(gotStatistics!).subarray(0, channels), mean, 1e-6);
      expectClose(
        own(gotStatistics!).subarray(channels),
        variance.map((v) => (v * count) / (count - 1)),
        1e-5,
      );
      expectClose(own(gotSums!), gradients.subarray(op.offset, op.offset + 2 * channels), 1e-4);
      expectClose(own(gotGradient!), wanted, 1e-5);
    }
  });

  it('moves the ranges of more points than a draw can read, or of none, and leaves the others', async () => {
    const extent = { members: 3, examples: 2, quads: 0 };
    const points = 21;
    const decay = 0.75;
    const random = stream(2, 'values');
    const shapeOf = (point: number): Shape => [1 + (point % 3), 2 + (point % 5), 1 + (point % 7)];
    const marked = Array.from({ length: points }, (_, point) => point).filter((point) => point !== 4 && point !== 20);
    const values = marked.map((point) =>
      Float32Array.from(
        { length: extent.members * extent.examples * shapeSize(shapeOf(point)) },
        () => random.normal() + (point % 3) - 1,
      ),
    );
    const ranges = Float32Array.from(
      { length: extent.members * points * 2 },
      (_, i) => (i % 2 === 0 ? -1 : 1) * random.next(),
    );
    const observed = marked.map((point, n): Observed => ({
      point,
      shape: shapeOf(point),
      values: kernels.upload(packRows(values[n]!, shapeOf(point)[2])),
    }));
    const before = kernels.upload(packRows(ranges, 2));
    const after = kernels.moveRanges(extent, points, observed, before, decay);
    const same = kernels.moveRanges(extent, points, [], before, decay);
    const [got, unmoved] = [unpackRows(await kernels.read(after), 2), unpackRows(await kernels.read(same), 2)];
    for (const array of [before, after, same, ...observed.map((point) => point.values)]) kernels.release(array);

    expect(unmoved).toEqual(ranges);
    const wanted = ranges.slice();
    marked.forEach((point, n) => {
      for (let member = 0; member < extent.members; member++) {
        const own = ownOf(values[n]!, member, extent.members);
        const at = (member * points + point) * 2;
        wanted[at] = decay * wanted[at]! + (1 - decay) * Math.min(0, ...own);
        wanted[at + 1] = decay * wanted[at + 1]! + (1 - decay) * Math.max(0, ...own);
      }
    });
    expectClose(got, wanted, 1e-6);
  });

  it('convolves without padding, with larger kernels and strides of 2, as the reference does', async () => {
    const net = netBuilder([12, 11, 6]);
    net.conv({ filters: 9, kernel: 5, stride: 2, padding: 'valid', relu: true });
    net.conv({ filters: 4, kernel: 2, padding: 'valid', bias: false });
    net.pool('maxpool', 3);
    const program = net.program(3);
    const data = randomData(program, EXAMPLES, 3);
    const members = [1, 2, 3];
    const chunks = [executor, createReferenceExecutor()].map((on) => {
      const chunk = chunkOf(on, program, data, members);
      chunk.step(randomIndices(members.length, BATCH, 6), new Float32Array(members.length).fill(16)); // gradients stand out
      return chunk;
    });
    const [got, wanted] = await askAndDispose(chunks, (chunk) => chunk.parameters());
    const before = parametersOf(program, members);
    const change = (after: Float32Array, member: number): Float32Array =>
      ownOf(after, member, members.length).map((w, i) => w - ownOf(before, member, members.length)[i]!);
    members.forEach((_, member) => {
      expectClose(change(got!, member), change(wanted!, member), 1e-4, program);
    });
  });
});

/** The part of one of so many members. */
const ownOf = (array: Float32Array, member: number, members: number): Float32Array =>
  array.slice((member * array.length) / members, ((member + 1) * array.length) / members);
