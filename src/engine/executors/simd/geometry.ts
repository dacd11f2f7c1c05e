import { isWeighted, type Op, type StepProgram } from '#engine/model/program.ts';

/** Channels behind the input are stored in whole groups of 8, the width of a register tile. */
const CHANNEL_GROUP = 8;
/** Between images: kernels read up to one vector too far, and strides of a power of two collide in the caches. */
const IMAGE_GAP_BYTES = 64;

/** How one point's images lie in memory: [y, x, stored channel] floats with a zero border as the next convolution needs it. */
export interface PointGeometry {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly stored: number;
  readonly rowStride: number; // bytes
  readonly imageStride: number; // bytes
  /** Bytes from the start of an image to its first pixel inside the border. */
  readonly interior: number;
}

export const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/** The points of a program: 0 is the input, i + 1 the output of op i. */
export function pointGeometries(program: StepProgram): readonly PointGeometry[] {
  const points: PointGeometry[] = [];
  [program.input, ...program.ops.map((op) => op.out)].forEach(([height, width, channels], point) => {
    const stored = storedChannels(program.ops[point - 1], channels, points[point - 1]);
    const border = borderFor(program.ops[point]);
    const rowStride = (border.left + width + border.right) * stored * 4;
    const rows = border.top + height + border.bottom;
    points.push({
      height,
      width,
      channels,
      stored,
      rowStride,
      imageStride: roundUp(rows * rowStride, 16) + IMAGE_GAP_BYTES,
      interior: border.top * rowStride + border.left * stored * 4,
    });
  });
  return points;
}

/** The input is stored as it comes, and a pool keeps what it is given. */
function storedChannels(producer: Op | undefined, channels: number, previous: PointGeometry | undefined): number {
  if (!producer) return channels;
  return !isWeighted(producer) && previous ? previous.stored : roundUp(channels, CHANNEL_GROUP);
}

function borderFor(consumer: Op | undefined): { top: number; left: number; bottom: number; right: number } {
  if (consumer?.kind !== 'conv') return { top: 0, left: 0, bottom: 0, right: 0 };
  const { kernel, stride, padTop, padLeft } = consumer;
  const behind = (out: number, before: number, length: number): number =>
    Math.max(0, (out - 1) * stride + kernel - before - length);
  return {
    top: padTop,
    left: padLeft,
    bottom: behind(consumer.out[0], padTop, consumer.in[0]),
    right: behind(consumer.out[1], padLeft, consumer.in[1]),
  };
}

export type Fusion = 'none' | 'direct' | 'winograd';

/** How a step runs op `index`: a convolution takes a 2x2 pool behind it along, by Winograd where that applies. */
export function fusionOf(program: StepProgram, index: number, points: readonly PointGeometry[]): Fusion {
  const op = program.ops[index];
  const next = program.ops[index + 1];
  if (op?.kind !== 'conv' || next?.kind !== 'maxpool' || next.size !== 2) return 'none';
  const tiled = next.out[0] >= 2 && next.out[1] >= 2;
  return tiled && op.kernel === 3 && op.stride === 1 && points[index]!.stored % CHANNEL_GROUP === 0
    ? 'winograd'
    : 'direct';
}
