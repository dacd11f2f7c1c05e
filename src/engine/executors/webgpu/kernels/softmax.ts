import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { Extent, IndexList } from '#engine/executors/gpu/kernels.ts';
import { quadsFor } from '#engine/executors/gpu/layout.ts';
import { dispatch, quads, scalars } from '#engine/executors/webgpu/runner.ts';

/** Largest logit, sum of exp(logit - largest) and label of example `b` of member `p`; `row` is its first logit quad. */
const statistics = (classes: number): string => `
  fn logit(row : i32, k : i32) -> f32 { return Logits[row + k / 4][k % 4]; }
  fn largestOf(row : i32) -> f32 { var m = logit(row, 0); for (var k = 1; k < ${classes}; k++) { m = max(m, logit(row, k)); } return m; }
  fn sumOf(row : i32, m : f32) -> f32 { var s = 0.0; for (var k = 0; k < ${classes}; k++) { s += exp(logit(row, k) - m); } return s; }
  fn labelOf(p : i32, b : i32) -> i32 { return i32(Labels[i32(Indices[uniforms.first + p * uniforms.stride + b])]); }`;

/** Gradient of the mean softmax cross-entropy, [member, example, class quad]; pad lanes zero. A thread makes one quad. */
export function softmaxGradient(
  backend: WebGPUBackend,
  extent: Extent,
  classes: number,
  logits: TensorInfo,
  labels: TensorInfo,
  indices: IndexList,
): TensorInfo {
  const depth = quadsFor(classes);
  return dispatch(backend, {
    key: `softmaxGradient_${classes}`,
    inputs: { Logits: quads(logits), Labels: scalars(labels), Indices: scalars(indices.values) },
    ints: { examples: extent.examples, first: indices.first, stride: indices.stride },
    threads: extent.examples * depth,
    rows: extent.members,
    output: extent.members * extent.examples * depth,
    functions: () => statistics(classes),
    code: () => `
      if (i >= uniforms.examples * ${depth}) { return; }
      let b = i / ${depth}; let k = (i % ${depth}) * 4;
      let row = (p * uniforms.examples + b) * ${depth};
      let largest = largestOf(row); let sum = sumOf(row, largest); let label = labelOf(p, b);
      var gradient = vec4<f32>(0.0);
      for (var j = 0; j < 4; j++) {
        if (k + j < ${classes}) {
          gradient[j] = (exp(logit(row, k + j) - largest) / sum - select(0.0, 1.0, k + j == label)) / f32(uniforms.examples);
        }
      }
      result[p * uniforms.examples * ${depth} + i] = gradient;`,
  });
}

/** Mean softmax cross-entropy, [member] quads (loss, 0, 0, 0). A thread sums one member. */
export function meanLoss(
  backend: WebGPUBackend,
  extent: Extent,
  classes: number,
  logits: TensorInfo,
  labels: TensorInfo,
  indices: IndexList,
): TensorInfo {
  return dispatch(backend, {
    key: `meanLoss_${classes}`,
    inputs: { Logits: quads(logits), Labels: scalars(labels), Indices: scalars(indices.values) },
    ints: { examples: extent.examples, first: indices.first, stride: indices.stride },
    threads: 1,
    rows: extent.members,
    output: extent.members,
    functions: () => statistics(classes),
    code: () => `
      if (i > 0) { return; }
      var loss = 0.0;
      for (var b = 0; b < uniforms.examples; b++) {
        let row = (p * uniforms.examples + b) * ${quadsFor(classes)};
        let largest = largestOf(row);
        loss += largest + log(sumOf(row, largest)) - logit(row, labelOf(p, b));
      }
      result[p] = vec4<f32>(loss / f32(uniforms.examples), 0.0, 0.0, 0.0);`,
  });
}
