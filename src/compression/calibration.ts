import type { CalibrationSpec } from '#compression/spec.ts';
import { permutation, stream } from '#lib/random.ts';

/**
 * The training examples that calibrate activation ranges, as indices into the data. Without `draw` the first `calibration` of
 * them; `random`: in random order; `balanced`: in random order, one of each class that has any left, in turn, so that the
 * classes' numbers differ by at most one until the rarer ones are used up. All of them where there are fewer.
 * trainIndices: examples in the order of the data; labels: [example] class index.
 */
export function calibrationSet(
  trainIndices: Uint32Array,
  labels: Uint16Array,
  { calibration, draw }: CalibrationSpec,
): Int32Array {
  if (draw === undefined) return Int32Array.from(trainIndices.subarray(0, calibration));
  const order = permutation(trainIndices.length, stream(draw.seed, 'calibration'));
  const drawn = Int32Array.from(order, (place) => trainIndices[place]!);
  return (draw.kind === 'random' ? drawn : inTurns(drawn, labels)).slice(0, calibration);
}

/** The same examples, one of each class in turn; within a class their order stays. */
function inTurns(examples: Int32Array, labels: Uint16Array): Int32Array {
  const seen = new Map<number, number>();
  const turns = Array.from(examples, (example) => {
    const label = labels[example]!;
    const turn = seen.get(label) ?? 0;
    seen.set(label, turn + 1);
    return { example, label, turn };
  });
  return Int32Array.from(
    turns.sort((a, b) => a.turn - b.turn || a.label - b.label),
    ({ example }) => example,
  );
}
