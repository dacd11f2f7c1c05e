/** The centre square of a picture being made smaller (or larger), fed with its rows in strips. */
export interface SquareMean {
  /** Takes in `count` rows of the square from row `first` on; each row once. rgba: [row, x, 4], opaque. */
  readonly add: (rgba: Uint8Array | Uint8ClampedArray, first: number, count: number) => void;
  /** The result after all rows: [y, x, 3]. */
  readonly pixels: () => Uint8Array;
}

/** Side, and place in a picture, of its centre square; an odd pixel is left over on the right and below. */
export function centreSquare(
  width: number,
  height: number,
): { readonly side: number; readonly left: number; readonly top: number } {
  const side = Math.min(width, height);
  return { side, left: Math.floor((width - side) / 2), top: Math.floor((height - side) / 2) };
}

/** A strip of rows that is read at once holds so many pixels. */
const STRIP_PIXELS = 4_000_000;

/** The rows of a square in strips that fit in memory: first row and number of rows. */
export function* strips(side: number): Generator<{ readonly first: number; readonly count: number }> {
  const most = Math.max(1, Math.floor(STRIP_PIXELS / side));
  for (let first = 0; first < side; first += most) yield { first, count: Math.min(most, side - first) };
}

/**
 * A square of side x side pixels as size x size: every pixel is the mean of the area that it covers, channel by channel,
 * halves rounded up. Whole numbers throughout, so that every browser and Node get the same bytes.
 */
export function squareMean(side: number, size: number): SquareMean {
  const { sources, targets, weights } = overlaps(side, size);
  const firstOfRow = new Int32Array(side + 1);
  for (const source of sources) firstOfRow[source + 1]!++;
  for (let y = 0; y < side; y++) firstOfRow[y + 1]! += firstOfRow[y]!;
  const width = size * 3;
  const sums = new Float64Array(size * width); // at most side x side x 255, exact
  const row = new Float64Array(width);
  return {
    add: (rgba, first, count) => {
      for (let y = first; y < first + count; y++) {
        const start = (y - first) * side * 4;
        row.fill(0);
        for (let t = 0; t < sources.length; t++) {
          const from = start + sources[t]! * 4;
          const to = targets[t]! * 3;
          const weight = weights[t]!;
          row[to]! += weight * rgba[from]!;
          row[to + 1]! += weight * rgba[from + 1]!;
          row[to + 2]! += weight * rgba[from + 2]!;
        }
        for (let t = firstOfRow[y]!; t < firstOfRow[y + 1]!; t++) {
          const to = targets[t]! * width;
          const weight = weights[t]!;
          for (let i = 0; i < width; i++) sums[to + i]! += weight * row[i]!;
        }
      }
    },
    pixels: () => {
      const area = side * side; // in the units of the weights
      return Uint8Array.from(sums, (sum) => Math.floor((2 * sum + area) / (2 * area)));
    },
  };
}

/** Which source pixel covers which target pixel by how much, along one axis, in units of 1 / (side size); by source. */
function overlaps(side: number, size: number): Readonly<Record<'sources' | 'targets' | 'weights', Int32Array>> {
  const found: [source: number, target: number, weight: number][] = [];
  for (let source = 0; source < side; source++) {
    const [from, to] = [source * size, (source + 1) * size];
    for (let target = Math.floor(from / side); target * side < to; target++) {
      found.push([source, target, Math.min(to, (target + 1) * side) - Math.max(from, target * side)]);
    }
  }
  return {
    sources: Int32Array.from(found, ([source]) => source),
    targets: Int32Array.from(found, ([, target]) => target),
    weights: Int32Array.from(found, ([, , weight]) => weight),
  };
}
