import { shapeSize } from '#engine/model/geometry.ts';
import type { ConvOp, DenseOp, MaxPoolOp, Shape, StepProgram } from '#engine/model/program.ts';

/**
 * How a step program lies in GPU memory. Everything is made of quads (four floats: a vec4, a texel). The last dimension of
 * every tensor is padded to whole quads: activations [member, example, y, x, channel quad], kernels [ky, kx, in, out quad],
 * biases [out quad]. A dense layer is a convolution: over a 1x1 image if its input needs no padding, else with a kernel as
 * large as the image. Pad lanes of parameters hold zero.
 */
export interface WeightedLayer {
  readonly kind: 'weighted';
  readonly op: ConvOp | DenseOp;
  readonly geometry: ConvGeometry;
  readonly relu: boolean;
  /** First quad of the layer's block in a member: kernel rows [ky, kx, in], then one row of biases, each of out quads. */
  readonly offset: number;
  readonly quads: number;
}
export interface ConvGeometry {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly filters: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly padTop: number;
  readonly padLeft: number;
}
export interface PoolLayer {
  readonly kind: 'maxpool';
  readonly op: MaxPoolOp;
}
export type Layer = WeightedLayer | PoolLayer;

export interface DeviceLayout {
  readonly layers: readonly Layer[]; // one an op
  readonly weighted: readonly WeightedLayer[];
  /** Parameter quads of one member. */
  readonly quads: number;
  /** Shape of every point: 0 is the input, i + 1 the output of op i. */
  readonly points: readonly Shape[];
}

/** Quads that hold `count` numbers. */
export const quadsFor = (count: number): number => Math.ceil(count / 4);

/** Quads of one example's activations of the given shape. */
export const shapeQuads = (shape: Shape): number => shape[0] * shape[1] * quadsFor(shape[2]);

/** Kernel rows of a layer: (ky, kx, in) triples; the row after the last is the bias. */
export const kernelRows = (g: ConvGeometry): number => g.kernelHeight * g.kernelWidth * g.channels;

export function layoutOf(program: StepProgram): DeviceLayout {
  let offset = 0;
  const layers = program.ops.map((op): Layer => {
    if (op.kind === 'maxpool') return { kind: 'maxpool', op };
    const geometry = op.kind === 'conv' ? convGeometry(op) : denseGeometry(op);
    const quads = (kernelRows(geometry) + 1) * quadsFor(geometry.filters);
    const layer: WeightedLayer = { kind: 'weighted', op, geometry, relu: op.relu, offset, quads };
    offset += quads;
    return layer;
  });
  return {
    layers,
    weighted: layers.filter((layer) => layer.kind === 'weighted'),
    quads: offset,
    points: [program.input, ...program.ops.map((op) => op.out)],
  };
}

function convGeometry(op: ConvOp): ConvGeometry {
  const [height, width, channels] = op.in;
  const [outHeight, outWidth, filters] = op.out;
  const kernel = { kernelHeight: op.kernel, kernelWidth: op.kernel, stride: op.stride };
  return { height, width, channels, outHeight, outWidth, filters, ...kernel, padTop: op.padTop, padLeft: op.padLeft };
}

function denseGeometry(op: DenseOp): ConvGeometry {
  const gapless = op.in[2] % 4 === 0; // then [y, x, channel] is one unbroken vector on the device too
  const [height, width, channels]: Shape = gapless ? [1, 1, shapeSize(op.in)] : op.in;
  const kernel = { kernelHeight: height, kernelWidth: width, stride: 1, padTop: 0, padLeft: 0 };
  return { height, width, channels, outHeight: 1, outWidth: 1, filters: op.out[2], ...kernel };
}

/** Parameters [member, parameterCount] as the device wants them, [member, quad, 4]; pad lanes hold zero. */
export function packParameters(program: StepProgram, layout: DeviceLayout, parameters: Float32Array): Float32Array {
  const packed = new Float32Array((parameters.length / program.parameterCount) * layout.quads * 4);
  copyParameters(program, layout, parameters.length / program.parameterCount, (flatAt, packedAt) => {
    packed[packedAt] = parameters[flatAt]!;
  });
  return packed;
}

/** The inverse of packParameters; gaps of the flat vector hold zero. */
export function unpackParameters(program: StepProgram, layout: DeviceLayout, packed: Float32Array): Float32Array {
  const members = packed.length / (layout.quads * 4);
  const parameters = new Float32Array(members * program.parameterCount);
  copyParameters(program, layout, members, (flatAt, packedAt) => {
    parameters[flatAt] = packed[packedAt]!;
  });
  return parameters;
}

function copyParameters(
  program: StepProgram,
  layout: DeviceLayout,
  members: number,
  copy: (flatAt: number, packedAt: number) => void,
): void {
  for (let member = 0; member < members; member++)
    for (const { op, geometry, offset } of layout.weighted) {
      const rows = kernelRows(geometry) + 1; // the bias follows the kernel in both layouts
      const flat = member * program.parameterCount + op.offset;
      const packed = (member * layout.quads + offset) * 4;
      const stride = quadsFor(geometry.filters) * 4;
      for (let row = 0; row < rows; row++)
        for (let out = 0; out < geometry.filters; out++)
          copy(flat + row * geometry.filters + out, packed + row * stride + out);
    }
}

/** Drops the pad lanes of [row, quad] activations: gives [row, channel]. */
export function unpackRows(packed: Float32Array, channels: number): Float32Array {
  const stride = quadsFor(channels) * 4;
  const rows = packed.length / stride;
  const values = new Float32Array(rows * channels);
  for (let row = 0; row < rows; row++)
    values.set(packed.subarray(row * stride, row * stride + channels), row * channels);
  return values;
}
