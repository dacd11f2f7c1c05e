import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  rangeAt,
  releasePoint,
  type FakeRounding,
  type ForwardPass,
  type PassContext,
} from '#engine/executors/gpu/forward.ts';
import type { Arrival, Gate, Gradients, IndexList, Kernels, LossSpec } from '#engine/executors/gpu/kernels.ts';
import { shapeQuads, type DeviceLayout } from '#engine/executors/gpu/layout.ts';

/**
 * Backward from the logits of `forward`: every gradient of a parameter ends in `gradients`. Releases all points but the logits.
 * A point's gradient passes its gate with the last of its readers, so that no pass of its own is needed for a relu.
 */
export function backward(
  context: PassContext,
  indices: IndexList,
  loss: LossSpec,
  pass: ForwardPass,
  fake: FakeRounding | null,
  gradients: Gradients,
): void {
  const { kernels, layout, extent, data, state } = context;
  const { trained } = layout;
  const end = layout.points.length - 1;
  const deltas: (TensorInfo | null)[] = layout.points.map(() => null);
  const left = [...layout.readers];
  const shared = sharedArrays(kernels);
  /** Sends a gradient to a point, if it is wanted there; `make` gives a new array. */
  const send = (point: number, make: (arrival: Arrival) => TensorInfo): void => {
    if (!trained[point]) return;
    const before = deltas[point]!;
    const last = --left[point]! === 0;
    deltas[point] = make({ addend: before, gate: last ? gateOf(layout, pass, fake, point) : null });
    if (before) shared.drop(before);
  };

  const ofLogits = kernels.lossGradient(extent, loss, pass.values[end]!, data, indices);
  deltas[end] = ofLogits;
  const gate = gateOf(layout, pass, fake, end);
  if (gate) {
    deltas[end] = kernels.passGradient(extent, shapeQuads(layout.points[end]!), ofLogits, { addend: null, gate });
    kernels.release(ofLogits);
  }
  for (let index = end - 1; index >= 0; index--) {
    const layer = layout.layers[index]!;
    const { from } = layer.op;
    const delta = deltas[index + 1];
    if (delta) {
      const input = pass.values[from]!;
      switch (layer.kind) {
        case 'weighted':
          gradients.compute(extent, layer, input, delta);
          send(from, (arrival) => kernels.convInputGradient(extent, layer, delta, state, arrival));
          break;
        case 'batchnorm':
          if (trained[from])
            send(from, (arrival) => gradients.batchNormGradient(extent, layer, input, delta, state, arrival)!);
          else gradients.batchNormGradient(extent, layer, input, delta, state, null);
          break;
        case 'maxpool':
          send(from, (arrival) => kernels.maxPoolGradient(extent, layer, input, delta, arrival));
          break;
        case 'avgpool':
          send(from, (arrival) => kernels.averagePoolGradient(extent, layer, delta, arrival));
          break;
        case 'add':
          for (const point of [from, layer.op.other])
            send(point, (arrival) =>
              (arrival.addend ?? arrival.gate)
                ? kernels.passGradient(extent, shapeQuads(layer.op.out), delta, arrival)
                : shared.hold(delta),
            );
          break;
        default:
          layer satisfies never;
      }
      shared.drop(delta);
    }
    if (index + 1 < end) releasePoint(kernels, pass, index + 1);
  }
  releasePoint(kernels, pass, 0);
}

function gateOf(layout: DeviceLayout, { exact }: ForwardPass, fake: FakeRounding | null, point: number): Gate | null {
  const { op } = layout.layers[point - 1]!;
  const relu = 'relu' in op && op.relu;
  const range = fake?.points[point] === true ? rangeAt(fake, point) : null;
  return relu || range ? { values: exact[point]!, relu, range } : null;
}

/** Arrays that several points may hold; the last to drop one releases it. */
function sharedArrays(kernels: Kernels) {
  const extra = new Map<TensorInfo, number>();
  return {
    hold: (array: TensorInfo): TensorInfo => {
      extra.set(array, (extra.get(array) ?? 0) + 1);
      return array;
    },
    drop: (array: TensorInfo): void => {
      const others = extra.get(array) ?? 0;
      if (others === 0) kernels.release(array);
      else extra.set(array, others - 1);
    },
  };
}
