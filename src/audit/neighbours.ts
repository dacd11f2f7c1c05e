import { squaredDistance, typicalDistance, type Embeddings } from './embeddings.ts';

/** The audit examples that a member finds most like one of them. */
export interface Neighbours {
  /** Nearest first, of equal ones the lower index first. */
  readonly examples: Uint32Array;
  /** As shares of the distance that is typical of two examples; as they are where that is 0. */
  readonly distances: Float64Array;
}

/**
 * Exact: compares the example with all others, a pass over the embeddings. As many as asked for, or all others where there are
 * fewer. The example itself is none.
 */
export function nearestNeighbours(
  embeddings: Embeddings,
  example: number,
  wanted: number,
  typical = typicalDistance(embeddings),
): Neighbours {
  const { width, values } = embeddings;
  const others = Math.max(0, values.length / width - 1);
  const count = Math.min(wanted, others);
  const examples = new Uint32Array(count);
  const squares = new Float64Array(count).fill(Infinity);
  for (let x = 0; x <= others && count > 0; x++) {
    if (x === example) continue;
    const square = squaredDistance(values, example * width, values, x * width, width);
    if (square >= squares[count - 1]!) continue;
    let place = count - 1;
    for (; place > 0 && squares[place - 1]! > square; place--) {
      squares[place] = squares[place - 1]!;
      examples[place] = examples[place - 1]!;
    }
    squares[place] = square;
    examples[place] = x;
  }
  return { examples, distances: squares.map((square) => Math.sqrt(square) / (typical || 1)) };
}
