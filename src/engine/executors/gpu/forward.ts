import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ActivationQuantization } from '#engine/executors/executor.ts';
import type { Extent, Gradients, IndexList, Kernels, RangeAt, ResidentData } from '#engine/executors/gpu/kernels.ts';
import { pointsRead, shapeQuads, type DeviceLayout, type Layer } from '#engine/executors/gpu/layout.ts';

/** What every pass over a population needs. */
export interface PassContext {
  readonly kernels: Kernels;
  readonly layout: DeviceLayout;
  readonly extent: Extent;
  readonly data: ResidentData;
  /** The parameters that forward and backward read. */
  readonly state: TensorInfo;
}

/** Fake quantization as a step sees it. */
export interface FakeRounding {
  readonly kind: 'fake';
  /** [point] */
  readonly points: readonly boolean[];
  /** [member, point] quads (least, largest, 0, 0) */
  readonly ranges: TensorInfo;
}

export interface ForwardSpec {
  readonly rounding: ActivationQuantization | FakeRounding;
  /** Where a step keeps the statistics of its batch; null at prediction, which uses the running ones. */
  readonly gradients: Gradients | null;
  /**
   * Which points are left: every one; those that a backward pass needs (a batch norm's may be fused away); or only this one,
   * the others being released as soon as nothing reads them any more.
   */
  readonly keep: 'every' | 'backward' | number;
}

/** The points of a pass, for the caller to release; null where one was not kept. */
export interface ForwardPass {
  /** As the next operations read them. */
  readonly values: (TensorInfo | null)[];
  /** Before fake quantization rounded them; elsewhere the same arrays as in `values`. */
  readonly exact: (TensorInfo | null)[];
}

export const rangeAt = (fake: FakeRounding, point: number): RangeAt => ({
  ranges: fake.ranges,
  points: fake.points.length,
  point,
});

/** Releases what is left of a point. */
export function releasePoint(kernels: Kernels, { values, exact }: ForwardPass, point: number): void {
  if (values[point]) kernels.release(values[point]);
  if (exact[point] && exact[point] !== values[point]) kernels.release(exact[point]);
  values[point] = exact[point] = null;
}

/**
 * Forward over a batch. With fixed or fake quantization the points are the rounded ones; with dynamic, the rounded input of
 * an op is made on the way and not kept. An addition takes a batch norm before it into its own pass where nobody sees the
 * point between them.
 */
export function forward(context: PassContext, indices: IndexList, spec: ForwardSpec): ForwardPass {
  const { kernels, layout, extent, data, state } = context;
  const { gradients, keep } = spec;
  const pass: ForwardPass = { values: layout.points.map(() => null), exact: layout.points.map(() => null) };
  const left = [...layout.readers];
  const fused = fusedNorms(layout, spec);
  const make = (layer: Layer, index: number): TensorInfo => {
    const input = pass.values[layer.op.from]!;
    switch (layer.kind) {
      case 'weighted':
        return kernels.conv(extent, layer, input, state);
      case 'maxpool':
        return kernels.maxPool(extent, layer, input);
      case 'avgpool':
        return kernels.averagePool(extent, layer, input);
      case 'batchnorm':
        gradients?.measure(extent, layer, input);
        return (gradients ?? kernels).batchNorm(extent, layer, input, state, null);
      case 'add': {
        const norm = fused.get(index);
        const { relu, other } = layer.op;
        if (!norm) return kernels.add(extent, shapeQuads(layer.op.out), input, pass.values[other]!, relu);
        const before = pass.values[norm.layer.op.from]!;
        gradients?.measure(extent, norm.layer, before);
        const residual = { values: pass.values[norm.residual]!, relu };
        return (gradients ?? kernels).batchNorm(extent, norm.layer, before, state, residual);
      }
      default:
        return layer satisfies never;
    }
  };
  const settle = (point: number, made: TensorInfo): void => {
    const rounded = roundPoint(context, point, made, spec.rounding);
    pass.values[point] = rounded;
    pass.exact[point] = made;
    if (rounded !== made && spec.rounding.kind !== 'fake') {
      kernels.release(made);
      pass.exact[point] = rounded;
    }
  };
  settle(0, kernels.gather(extent, data, indices, layout.points[0]!));
  const inside = new Set([...fused.values()].map((norm) => norm.layer.op));
  layout.layers.forEach((layer, index) => {
    if (layer.kind === 'batchnorm' && inside.has(layer.op)) return;
    const undo = roundInput(context, pass, layer, index, spec.rounding);
    settle(index + 1, make(layer, index));
    undo();
    if (typeof keep !== 'number') return;
    const norm = fused.get(index);
    for (const point of norm ? [norm.layer.op.from, norm.residual] : pointsRead(layer.op))
      if (--left[point]! === 0 && point !== keep) releasePoint(kernels, pass, point);
  });
  return pass;
}

/** The batch norms that are made together with the addition behind them, by the addition's op. */
function fusedNorms(layout: DeviceLayout, { rounding, keep }: ForwardSpec) {
  const fused = new Map<number, { readonly layer: Layer & { kind: 'batchnorm' }; readonly residual: number }>();
  layout.layers.forEach((layer, index) => {
    if (layer.kind !== 'add' || !layer.normalized) return;
    const { op, residual } = layer.normalized;
    const norm = layout.layers[op]!;
    const seen =
      keep === 'every' ||
      keep === op + 1 ||
      roundsPoint(rounding, op + 1) ||
      roundsInput(rounding, op) ||
      roundsInput(rounding, index);
    if (norm.kind === 'batchnorm' && !seen) fused.set(index, { layer: norm, residual });
  });
  return fused;
}

function roundsPoint(rounding: ForwardSpec['rounding'], point: number): boolean {
  if (rounding.kind === 'fixed') return rounding.points.some((member) => member[point] != null);
  return rounding.kind === 'fake' && rounding.points[point] === true;
}

const roundsInput = (rounding: ForwardSpec['rounding'], op: number): boolean =>
  rounding.kind === 'dynamic' && rounding.ops[op] === true;

/** The rounded values of a point, or the same array where it is not rounded. */
function roundPoint(
  { kernels, extent, layout }: PassContext,
  point: number,
  values: TensorInfo,
  rounding: ForwardSpec['rounding'],
): TensorInfo {
  if (!roundsPoint(rounding, point)) return values;
  const quads = shapeQuads(layout.points[point]!);
  if (rounding.kind === 'fake') return kernels.fakeQuantize(extent, quads, values, rangeAt(rounding, point));
  if (rounding.kind !== 'fixed') return values;
  const table = new Float32Array(extent.members * 4);
  for (let member = 0; member < extent.members; member++) {
    const grid = rounding.points[member]?.[point];
    if (grid) table.set([grid.scale, grid.zeroPoint, 1], member * 4);
  }
  const uploaded = kernels.upload(table);
  const rounded = kernels.quantizeFixed(extent, quads, values, uploaded);
  kernels.release(uploaded);
  return rounded;
}

/** Puts rounded values in the place of what an op reads (an addition: its `from`) if it is rounded dynamically; what it gives puts the exact ones back. */
function roundInput(
  { kernels, extent, layout }: PassContext,
  { values }: ForwardPass,
  { op }: Layer,
  index: number,
  rounding: ForwardSpec['rounding'],
): () => void {
  if (!roundsInput(rounding, index)) return () => undefined;
  const exact = values[op.from]!;
  const shape = layout.points[op.from]!;
  const groups = extent.members * extent.examples;
  const ranges = kernels.range(groups, shapeQuads(shape), shape[2], exact);
  const rounded = kernels.quantizeDynamic(groups, shapeQuads(shape), exact, ranges);
  kernels.release(ranges);
  values[op.from] = rounded;
  return () => {
    kernels.release(rounded);
    values[op.from] = exact;
  };
}
