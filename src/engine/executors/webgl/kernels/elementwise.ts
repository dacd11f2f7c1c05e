import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { Arrival, Extent } from '#engine/executors/gpu/kernels.ts';
import { arriving } from '#engine/executors/webgl/kernels/arrival.ts';
import { draw, RELU } from '#engine/executors/webgl/runner.ts';

/** Sum of two points, [member, example, quad], with relu or without. */
export function add(
  backend: MathBackendWebGL,
  extent: Extent,
  exampleQuads: number,
  left: TensorInfo,
  right: TensorInfo,
  relu: boolean,
): TensorInfo {
  return draw(backend, {
    name: 'add',
    inputs: { Left: left, Right: right },
    ints: {},
    quads: extent.members * extent.examples * exampleQuads,
    code: `
      result = quad(Left, i) + quad(Right, i);
      ${relu ? RELU : ''}`,
  });
}

/** A gradient, [member, example, quad], that arrives unchanged but for addend and gate. */
export function passGradient(
  backend: MathBackendWebGL,
  extent: Extent,
  exampleQuads: number,
  delta: TensorInfo,
  arrival: Arrival,
): TensorInfo {
  const perMember = extent.examples * exampleQuads;
  const arrive = arriving(arrival);
  return draw(backend, {
    name: 'passGradient',
    inputs: { Delta: delta, ...arrive.inputs },
    ints: { perMember, ...arrive.ints },
    quads: extent.members * perMember,
    functions: arrive.functions,
    code: `result = quad(Delta, i); ${arrive.apply('i / perMember')}`,
  });
}
