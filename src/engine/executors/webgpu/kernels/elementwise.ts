import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { Arrival, Extent } from '#engine/executors/gpu/kernels.ts';
import { arriving } from '#engine/executors/webgpu/kernels/arrival.ts';
import { dispatch, quads, relued } from '#engine/executors/webgpu/runner.ts';

/** Sum of two points, [member, example, quad], with relu or without. A thread makes one quad. */
export function add(
  backend: WebGPUBackend,
  extent: Extent,
  exampleQuads: number,
  left: TensorInfo,
  right: TensorInfo,
  relu: boolean,
): TensorInfo {
  const perMember = extent.examples * exampleQuads;
  return dispatch(backend, {
    key: `add_${relu}`,
    inputs: { Left: quads(left), Right: quads(right) },
    ints: { perMember },
    threads: perMember,
    rows: extent.members,
    output: extent.members * perMember,
    code: () => `
      if (i >= uniforms.perMember) { return; }
      let at = p * uniforms.perMember + i;
      let sum = Left[at] + Right[at];
      result[at] = ${relu ? relued('sum') : 'sum'};`,
  });
}

/** A gradient, [member, example, quad], that arrives unchanged but for addend and gate. A thread makes one quad. */
export function passGradient(
  backend: WebGPUBackend,
  extent: Extent,
  exampleQuads: number,
  delta: TensorInfo,
  arrival: Arrival,
): TensorInfo {
  const perMember = extent.examples * exampleQuads;
  const arrive = arriving(arrival);
  return dispatch(backend, {
    key: `passGradient_${arrive.key}`,
    inputs: { Delta: quads(delta), ...arrive.inputs },
    ints: { perMember, ...arrive.ints },
    threads: perMember,
    rows: extent.members,
    output: extent.members * perMember,
    functions: () => arrive.functions,
    code: () => `
      if (i >= uniforms.perMember) { return; }
      let at = p * uniforms.perMember + i;
      var d = Delta[at];
      ${arrive.apply('d', 'at', 'p')}
      result[at] = d;`,
  });
}
