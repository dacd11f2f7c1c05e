import type { StepProgram } from '#engine/model/program.ts';

/**
 * The points at which quantization-aware training rounds activations, [point]: the input and every operation's output, but
 * for a layer that only max pools read, whose mark stands behind the pools, so that rounding makes no ties among a window's
 * values. Behind any other max pool nothing is left to round.
 */
export function fakePoints(program: StepProgram): boolean[] {
  const deferred = deferredPoints(program);
  return [true, ...program.ops.map((op, i) => (op.kind === 'maxpool' ? deferred.has(op.from) : !deferred.has(i + 1)))];
}

/**
 * The ranges for a conversion to fixed point, [point, 2], from those that training has moved: a layer whose mark stands
 * behind a max pool takes the pool's (the wider one of several).
 */
export function conversionRanges(program: StepProgram, ranges: Float32Array): Float32Array {
  const full = ranges.slice();
  for (const point of deferredPoints(program)) {
    const pools = program.ops.flatMap((op, i) => (op.from === point ? [i + 1] : []));
    full[2 * point] = Math.min(...pools.map((pool) => ranges[2 * pool]!));
    full[2 * point + 1] = Math.max(...pools.map((pool) => ranges[2 * pool + 1]!));
  }
  return full;
}

/** Outputs of layers that max pools read, and nothing else. */
function deferredPoints({ ops }: StepProgram): ReadonlySet<number> {
  const isOnlyPooled = (point: number): boolean => {
    const readers = ops.filter((op) => op.from === point || (op.kind === 'add' && op.other === point));
    return readers.length > 0 && readers.every(({ kind }) => kind === 'maxpool');
  };
  return new Set(ops.flatMap((op, i) => (op.kind !== 'maxpool' && isOnlyPooled(i + 1) ? [i + 1] : [])));
}
