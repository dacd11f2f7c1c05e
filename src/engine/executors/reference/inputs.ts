import type { Inputs } from '#engine/executors/executor.ts';
import { PLAIN_VIEW, unpackView } from '#engine/model/augmentation.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { Shape } from '#engine/model/program.ts';

/**
 * The inputs of the given examples as the model sees them, [index, ...shape]: floats as they are, bytes as x / 127.5 - 1; each
 * in its packed view, [index], where there are views. Throws where an example does not exist.
 */
export function readInputs(
  inputs: Inputs,
  shape: Shape,
  indices: Int32Array,
  views: Int32Array | null = null,
): Float64Array {
  const [height, width, channels] = shape;
  const size = shapeSize(shape);
  const available = inputs.data.length / size;
  const values = new Float64Array(indices.length * size);
  let at = 0;
  indices.forEach((example, position) => {
    if (example < 0 || example >= available)
      throw new RangeError(`There is no example ${String(example)}: the data hold ${String(available)}.`);
    const { flip, down, right } = unpackView(views?.[position] ?? PLAIN_VIEW);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const mirrored = clamp(x - right, width - 1);
        const column = flip ? width - 1 - mirrored : mirrored;
        const from = ((example * height + clamp(y - down, height - 1)) * width + column) * channels;
        for (let channel = 0; channel < channels; channel++, at++) {
          const raw = inputs.data[from + channel]!;
          values[at] = inputs.kind === 'bytes' ? raw / 127.5 - 1 : raw;
        }
      }
  });
  return values;
}

function clamp(position: number, last: number): number {
  return Math.min(last, Math.max(0, position));
}
