import type { RandomStream } from '#lib/random.ts';
import { squaredDistance, type Embeddings } from './embeddings.ts';

/** Some examples of an embedding in groups. */
export interface Grouping {
  /** [group, width] means. */
  readonly centres: Float64Array;
  /** [place in the list of examples] group. */
  readonly groups: Uint8Array;
  /** Sum of squared distances to the centres. */
  readonly inertia: number;
}

const MOST_ROUNDS = 100;

/**
 * Lloyd's k-means from centres that k-means++ draws (Arthur & Vassilvitskii 2007). k from 1 to the number of examples, at most
 * 255. Ties go to the first centre; a group that runs empty keeps its centre.
 */
export function kMeans(
  { width, values }: Embeddings,
  examples: ArrayLike<number>,
  k: number,
  random: RandomStream,
): Grouping {
  const count = examples.length;
  const centres = drawnCentres({ width, values }, examples, k, random);
  const groups = new Uint8Array(count);
  let inertia = Infinity;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const sums = new Float64Array(centres.length);
    const sizes = new Uint32Array(k);
    let moved = round === 0;
    inertia = 0;
    for (let i = 0; i < count; i++) {
      const at = examples[i]! * width;
      const { group, square } = nearestCentre(centres, values, at, width);
      if (groups[i] !== group) moved = true;
      groups[i] = group;
      inertia += square;
      sizes[group]!++;
      for (let j = 0; j < width; j++) sums[group * width + j]! += values[at + j]!;
    }
    if (!moved) break;
    for (let group = 0; group < k; group++) {
      if (sizes[group] === 0) continue;
      for (let j = 0; j < width; j++) centres[group * width + j] = sums[group * width + j]! / sizes[group]!;
    }
  }
  return { centres, groups, inertia };
}

/** The centre nearest to the example whose numbers begin at `at`, and the squared distance. */
export function nearestCentre(
  centres: Float64Array,
  values: Float32Array,
  at: number,
  width: number,
): { readonly group: number; readonly square: number } {
  let [group, square] = [0, Infinity];
  for (let other = 0; other * width < centres.length; other++) {
    const own = squaredDistance(centres, other * width, values, at, width);
    if (own < square) [group, square] = [other, own];
  }
  return { group, square };
}

/** The first at random, each next one with probability proportional to the squared distance from those that are there. */
function drawnCentres(
  { width, values }: Embeddings,
  examples: ArrayLike<number>,
  k: number,
  random: RandomStream,
): Float64Array {
  const count = examples.length;
  const centres = new Float64Array(k * width);
  const squares = new Float64Array(count).fill(Infinity);
  let chosen = random.int(count);
  for (let group = 0; group < k; group++) {
    const from = examples[chosen]! * width;
    centres.set(values.subarray(from, from + width), group * width);
    let total = 0;
    for (let i = 0; i < count; i++) {
      squares[i] = Math.min(squares[i]!, squaredDistance(centres, group * width, values, examples[i]! * width, width));
      total += squares[i]!;
    }
    let left = random.next() * total;
    chosen = 0;
    while (chosen < count - 1 && (left -= squares[chosen]!) >= 0) chosen++;
  }
  return centres;
}

/**
 * How well examples fit their groups, in [-1,1]: the mean over examples of (b - a) / max(a, b), a the distance to the centre of its
 * group and b to the next nearest (simplified silhouette; Vendramin, Campello & Hruschka 2010). 0 where both are 0; -1 for one group.
 */
export function silhouette(
  { width, values }: Embeddings,
  examples: ArrayLike<number>,
  { centres, groups }: Pick<Grouping, 'centres' | 'groups'>,
): number {
  const k = centres.length / width;
  if (k < 2) return -1;
  let sum = 0;
  for (let i = 0; i < examples.length; i++) {
    let [own, next] = [0, Infinity];
    for (let group = 0; group < k; group++) {
      const distance = Math.sqrt(squaredDistance(centres, group * width, values, examples[i]! * width, width));
      if (group === groups[i]) own = distance;
      else next = Math.min(next, distance);
    }
    const most = Math.max(own, next);
    sum += most === 0 ? 0 : (next - own) / most;
  }
  return sum / examples.length;
}
