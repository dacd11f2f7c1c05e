import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { Extent, IndexList } from '#engine/executors/gpu/kernels.ts';
import { quadsFor } from '#engine/executors/gpu/layout.ts';
import { draw } from '#engine/executors/webgl/runner.ts';

/** Largest logit, sum of exp(logit - largest) and label of example b of member p; `row` is the first number of its logits. */
const statistics = (classes: number): string => `
  float logit(int row, int k) { return number(Logits, row + k); }
  float largestOf(int row) { float m = logit(row, 0); for (int k = 1; k < ${classes}; k++) m = max(m, logit(row, k)); return m; }
  float sumOf(int row, float m) { float s = 0.; for (int k = 0; k < ${classes}; k++) s += exp(logit(row, k) - m); return s; }
  int labelOf(int p, int b) { return int(number(Labels, int(number(Indices, first + p * stride + b)))); }`;

/** Gradient of the mean softmax cross-entropy, [member, example, class quad]; pad lanes zero. */
export function softmaxGradient(
  backend: MathBackendWebGL,
  extent: Extent,
  classes: number,
  logits: TensorInfo,
  labels: TensorInfo,
  indices: IndexList,
): TensorInfo {
  const depth = quadsFor(classes);
  return draw(backend, {
    name: 'softmaxGradient',
    inputs: { Logits: logits, Labels: labels, Indices: indices.values },
    ints: { examples: extent.examples, first: indices.first, stride: indices.stride },
    quads: extent.members * extent.examples * depth,
    functions: statistics(classes),
    code: `
      int t = i / ${depth}; int k = (i % ${depth}) * 4; int p = t / examples; int b = t - p * examples;
      int row = t * ${depth * 4};
      float largest = largestOf(row); float sum = sumOf(row, largest); int label = labelOf(p, b);
      for (int j = 0; j < 4; j++) if (k + j < ${classes}) {
        result[j] = (exp(logit(row, k + j) - largest) / sum - (k + j == label ? 1. : 0.)) / float(examples);
      }`,
  });
}

/** Mean softmax cross-entropy, [member] quads (loss, 0, 0, 0). */
export function meanLoss(
  backend: MathBackendWebGL,
  extent: Extent,
  classes: number,
  logits: TensorInfo,
  labels: TensorInfo,
  indices: IndexList,
): TensorInfo {
  return draw(backend, {
    name: 'meanLoss',
    inputs: { Logits: logits, Labels: labels, Indices: indices.values },
    ints: { examples: extent.examples, first: indices.first, stride: indices.stride },
    quads: extent.members,
    functions: statistics(classes),
    code: `
      for (int b = 0; b < examples; b++) {
        int row = (i * examples + b) * ${quadsFor(classes) * 4};
        float largest = largestOf(row);
        result.x += largest + log(sumOf(row, largest)) - logit(row, labelOf(i, b));
      }
      result.x /= float(examples);`,
  });
}
