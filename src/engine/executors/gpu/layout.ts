import { shapeSize } from '#engine/model/geometry.ts';
import type {
  AddOp,
  BatchNormOp,
  ConvOp,
  DenseOp,
  GlobalPoolOp,
  Op,
  PoolOp,
  Shape,
  StepProgram,
} from '#engine/model/program.ts';

/**
 * How a step program lies in GPU memory. Everything is made of quads (four floats: a vec4, a texel). The last dimension of
 * every tensor is padded to whole quads: activations [member, example, y, x, channel quad], kernels [ky, kx, in, out quad],
 * biases and the vectors of a batch norm [channel quad]. A dense layer is a convolution: over a 1x1 image if its input needs
 * no padding, else with a kernel as large as the image. Pad lanes of parameters and of activations hold zero.
 */
export interface WeightedLayer {
  readonly kind: 'weighted';
  readonly op: ConvOp | DenseOp;
  readonly geometry: ConvGeometry;
  readonly relu: boolean;
  readonly bias: boolean;
  /** First quad of the layer's block in a member: kernel rows [ky, kx, in], then, if it has a bias, one row of it, each of out quads. */
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
/** Its block: rows of scale, shift, mean and variance, each of channel quads. */
export interface BatchNormLayer {
  readonly kind: 'batchnorm';
  readonly op: BatchNormOp;
  readonly offset: number;
  readonly quads: number;
}
/** A pool without padding whose stride is its window; a global one has a window as large as the image. */
export interface PoolLayer {
  readonly kind: 'maxpool' | 'avgpool';
  readonly op: PoolOp | GlobalPoolOp;
  readonly windowHeight: number;
  readonly windowWidth: number;
}
export interface AddLayer {
  readonly kind: 'add';
  readonly op: AddOp;
  /** Where one side is a batch norm that nothing else reads: its op, and the point of the other side. */
  readonly normalized: { readonly op: number; readonly residual: number } | null;
}
/** A layer with a block of parameters. */
export type BlockLayer = WeightedLayer | BatchNormLayer;
export type Layer = BlockLayer | PoolLayer | AddLayer;

export interface DeviceLayout {
  readonly layers: readonly Layer[]; // one an op
  readonly blocks: readonly BlockLayer[];
  /** Parameter quads of one member. */
  readonly quads: number;
  /** Shape of every point: 0 is the input, i + 1 the output of op i. */
  readonly points: readonly Shape[];
  /** How often each point is read. */
  readonly readers: readonly number[];
  /** Whether a parameter lies before the point, so that its gradient is wanted. */
  readonly trained: readonly boolean[];
}

/** Quads that hold `count` numbers. */
export const quadsFor = (count: number): number => Math.ceil(count / 4);

/** Quads of one example's activations of the given shape. */
export const shapeQuads = (shape: Shape): number => shape[0] * shape[1] * quadsFor(shape[2]);

/** Kernel rows of a layer: (ky, kx, in) triples; the row after the last is the bias. */
export const kernelRows = (g: ConvGeometry): number => g.kernelHeight * g.kernelWidth * g.channels;

/** The points that an operation reads. */
export const pointsRead = (op: Op): readonly number[] => (op.kind === 'add' ? [op.from, op.other] : [op.from]);

export function layoutOf(program: StepProgram): DeviceLayout {
  const readers = [program.input, ...program.ops].map(() => 0);
  const trained = [false];
  for (const op of program.ops) {
    for (const point of pointsRead(op)) readers[point]!++;
    const parameters = op.kind === 'conv' || op.kind === 'dense' || op.kind === 'batchnorm';
    trained.push(parameters || pointsRead(op).some((point) => trained[point]));
  }
  const unread = program.ops.findIndex((_, i) => readers[i + 1] === 0 && i + 1 < program.ops.length);
  if (unread >= 0) throw new RangeError(`Nothing reads what ${program.ops[unread]!.name} makes.`);
  let offset = 0;
  const layers = program.ops.map((op): Layer => {
    const layer = layerOf(program, op, offset, readers);
    if ('quads' in layer) offset += layer.quads;
    return layer;
  });
  return {
    layers,
    blocks: layers.filter((layer) => layer.kind === 'weighted' || layer.kind === 'batchnorm'),
    quads: offset,
    points: [program.input, ...program.ops.map((op) => op.out)],
    readers,
    trained,
  };
}

function layerOf(program: StepProgram, op: Op, offset: number, readers: readonly number[]): Layer {
  switch (op.kind) {
    case 'conv':
    case 'dense': {
      const geometry = op.kind === 'conv' ? convGeometry(op) : denseGeometry(op);
      const bias = op.kind === 'dense' || op.bias;
      const quads = (kernelRows(geometry) + (bias ? 1 : 0)) * quadsFor(geometry.filters);
      return { kind: 'weighted', op, geometry, relu: op.relu, bias, offset, quads };
    }
    case 'batchnorm':
      return { kind: 'batchnorm', op, offset, quads: 4 * quadsFor(op.out[2]) };
    case 'maxpool':
    case 'avgpool':
      return { kind: op.kind, op, windowHeight: op.size, windowWidth: op.size };
    case 'global-avgpool':
      return { kind: 'avgpool', op, windowHeight: op.in[0], windowWidth: op.in[1] };
    case 'add': {
      const side = [op.from, op.other].find((point) => {
        const before = program.ops[point - 1];
        return before?.kind === 'batchnorm' && !before.relu && readers[point] === 1;
      });
      const normalized = side === undefined ? null : { op: side - 1, residual: side === op.from ? op.other : op.from };
      return { kind: 'add', op, normalized };
    }
    default:
      return op satisfies never;
  }
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

/** Both layouts hold a block as rows of as many numbers as the layer has outputs, in the same order. */
function copyParameters(
  program: StepProgram,
  layout: DeviceLayout,
  members: number,
  copy: (flatAt: number, packedAt: number) => void,
): void {
  for (let member = 0; member < members; member++)
    for (const { op, offset, quads } of layout.blocks) {
      const columns = op.out[2];
      const stride = quadsFor(columns) * 4;
      const flat = member * program.parameterCount + op.offset;
      const packed = (member * layout.quads + offset) * 4;
      for (let row = 0; row * stride < quads * 4; row++)
        for (let column = 0; column < columns; column++)
          copy(flat + row * columns + column, packed + row * stride + column);
    }
}

/** [row, column] numbers with pad lanes: [row, quad, 4]. The inverse of unpackRows. */
export function packRows(values: Float32Array, columns: number): Float32Array {
  const stride = quadsFor(columns) * 4;
  const rows = values.length / columns;
  const packed = new Float32Array(rows * stride);
  for (let row = 0; row < rows; row++) packed.set(values.subarray(row * columns, (row + 1) * columns), row * stride);
  return packed;
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

/** A kernel: rows of `depth` quads from quad `offset` of a member on, whose columns come from `column` on among those of all kernels. */
interface KernelColumns {
  readonly offset: number;
  readonly rows: number;
  readonly depth: number;
  readonly column: number;
  readonly perChannel: boolean;
}

/** The kernels of the layers, and how many columns of quads they have together. */
export function kernelColumns(layers: readonly BlockLayer[]): {
  readonly kernels: readonly KernelColumns[];
  readonly count: number;
} {
  let count = 0;
  const kernels = layers.flatMap((layer): KernelColumns[] => {
    if (layer.kind !== 'weighted') return [];
    const depth = quadsFor(layer.geometry.filters);
    const { offset, op } = layer;
    const columns = { offset, rows: kernelRows(layer.geometry), depth, column: count, perChannel: op.kind === 'conv' };
    count += depth;
    return [columns];
  });
  return { kernels, count };
}
