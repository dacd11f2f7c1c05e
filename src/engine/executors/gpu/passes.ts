import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ActivationQuantization } from '#engine/executors/executor.ts';
import type { Extent, Gradients, IndexList, Kernels, ResidentData } from '#engine/executors/gpu/kernels.ts';
import { shapeQuads, type DeviceLayout } from '#engine/executors/gpu/layout.ts';

/** What every pass over a population needs. */
export interface PassContext {
  readonly kernels: Kernels;
  readonly layout: DeviceLayout;
  readonly extent: Extent;
  readonly data: ResidentData;
  readonly state: TensorInfo;
}

/**
 * Forward over a batch; gives every point. With quantization the points are the rounded ones, as the next op sees them under
 * `fixed`; under `dynamic` the rounded input of an op is made on the way and not kept.
 */
export function forward(context: PassContext, indices: IndexList, quantization: ActivationQuantization): TensorInfo[] {
  const { kernels, layout, extent, data, state } = context;
  const points = [fixPoint(context, 0, kernels.gather(extent, data, indices, layout.points[0]!), quantization)];
  layout.layers.forEach((layer, index) => {
    const input = points[index]!;
    const rounded =
      quantization.kind === 'dynamic' && quantization.ops[index] === true ? roundInput(context, index, input) : input;
    const output =
      layer.kind === 'maxpool' ? kernels.maxPool(extent, layer, rounded) : kernels.conv(extent, layer, rounded, state);
    if (rounded !== input) kernels.release(rounded);
    points.push(fixPoint(context, index + 1, output, quantization));
  });
  return points;
}

/** Takes over `values`; gives them back rounded if this point is quantized for any member. */
function fixPoint(
  context: PassContext,
  point: number,
  values: TensorInfo,
  quantization: ActivationQuantization,
): TensorInfo {
  if (quantization.kind !== 'fixed') return values;
  const { kernels, extent, layout } = context;
  const table = new Float32Array(extent.members * 4);
  for (let member = 0; member < extent.members; member++) {
    const parameters = quantization.points[member]?.[point];
    if (parameters) table.set([parameters.scale, parameters.zeroPoint, 1], member * 4);
  }
  if (table.every((x) => x === 0)) return values;
  const uploaded = kernels.upload(table);
  const rounded = kernels.quantizeFixed(extent, shapeQuads(layout.points[point]!), values, uploaded);
  kernels.release(uploaded);
  kernels.release(values);
  return rounded;
}

function roundInput(context: PassContext, index: number, input: TensorInfo): TensorInfo {
  const { kernels, extent, layout } = context;
  const shape = layout.points[index]!;
  const groups = extent.members * extent.examples;
  const ranges = kernels.range(groups, shapeQuads(shape), shape[2], input);
  const rounded = kernels.quantizeDynamic(groups, shapeQuads(shape), input, ranges);
  kernels.release(ranges);
  return rounded;
}

/** Backward from the logits of `forward`: every weight gradient ends in `gradients`. The points stay the caller's. */
export function backward(
  context: PassContext,
  indices: IndexList,
  points: readonly TensorInfo[],
  gradients: Gradients,
): void {
  const { kernels, layout, extent, data, state } = context;
  let delta = kernels.softmaxGradient(extent, layout.points.at(-1)![2], points.at(-1)!, data.labels, indices);
  for (let index = layout.layers.length - 1; index >= 0; index--) {
    const layer = layout.layers[index]!;
    const input = points[index]!;
    const before = layout.layers[index - 1];
    const afterRelu = before?.kind === 'weighted' && before.relu;
    if (layer.kind === 'weighted') gradients.compute(extent, layer, input, delta);
    if (index === 0) break;
    const next =
      layer.kind === 'maxpool'
        ? kernels.maxPoolGradient(extent, layer, input, delta, afterRelu)
        : kernels.convInputGradient(extent, layer, delta, state, afterRelu ? input : null);
    kernels.release(delta);
    delta = next;
  }
  kernels.release(delta);
}
