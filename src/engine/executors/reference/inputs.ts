import type { Inputs } from '#engine/executors/executor.ts';

/** The inputs of the given examples as the model sees them, [index, size]: floats as they are, bytes as x / 127.5 - 1. Throws where an example does not exist. */
export function readInputs(inputs: Inputs, size: number, indices: Int32Array): Float64Array {
  const available = inputs.data.length / size;
  const values = new Float64Array(indices.length * size);
  indices.forEach((example, position) => {
    if (example < 0 || example >= available)
      throw new RangeError(`There is no example ${String(example)}: the data hold ${String(available)}.`);
    for (let i = 0; i < size; i++) {
      const raw = inputs.data[example * size + i]!;
      values[position * size + i] = inputs.kind === 'bytes' ? raw / 127.5 - 1 : raw;
    }
  });
  return values;
}
