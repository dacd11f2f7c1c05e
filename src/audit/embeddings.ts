import { median } from 'simple-statistics';
import { stream } from '#lib/random.ts';

/**
 * What the last dense layer of a member reads: its view of the audit split. The layer is affine, so the logits of two examples
 * at distance d differ by at most d times the length of a class's weights: distances are Euclidean, lengths are not divided
 * out. The axes of two members have nothing in common.
 */
export interface Embeddings {
  readonly width: number;
  readonly values: Float32Array; // [audit example, width]
}

const PAIRS = 1001;

/** The median distance of 1,001 pairs of examples drawn at random, repeats included; 0 below two examples. */
export function typicalDistance({ width, values }: Embeddings): number {
  const examples = width === 0 ? 0 : values.length / width;
  if (examples < 2) return 0;
  const random = stream(1, 'typical distance');
  const distances = Array.from({ length: PAIRS }, () => {
    const first = random.int(examples);
    const second = (first + 1 + random.int(examples - 1)) % examples;
    return Math.sqrt(squaredDistance(values, first * width, values, second * width, width));
  });
  return median(distances);
}

/** Of `width` numbers of `a` and of `b`, from the places `at` and `bt` on. */
export function squaredDistance(
  a: Float32Array | Float64Array,
  at: number,
  b: Float32Array | Float64Array,
  bt: number,
  width: number,
): number {
  let sum = 0;
  for (let i = 0; i < width; i++) {
    const gap = a[at + i]! - b[bt + i]!;
    sum += gap * gap;
  }
  return sum;
}
