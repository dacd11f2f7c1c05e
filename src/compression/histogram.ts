/** How the numbers of a tensor are spread. */
export interface WeightHistogram {
  /** The largest magnitude: the bins divide [-limit, limit] evenly; 0 where every number is 0. */
  readonly limit: number;
  /** How many numbers are exactly 0; they are in no bin. */
  readonly zeros: number;
  /** [bin] how many of the others lie in it; a number on an edge is in the bin above, the limit itself in the last. */
  readonly counts: readonly number[];
}

const BINS = 40;

/** The histogram of a tensor as used at prediction. Numbers that are not finite are left out. */
export function weightHistogram(values: Float32Array): WeightHistogram {
  const finite = values.filter(Number.isFinite);
  const limit = finite.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const counts = new Array<number>(BINS).fill(0);
  let zeros = 0;
  for (const value of finite) {
    if (value === 0) zeros++;
    else counts[Math.min(BINS - 1, Math.floor(((value / limit + 1) / 2) * BINS))]!++;
  }
  return { limit, zeros, counts };
}
