import { bitsWhere, intersect, onesIn, type Bits } from './bits.ts';
import type { SliceSpace } from './slice-space.ts';

/**
 * Sums of positive whole weights over slices. Only examples with a weight are looked at, heaviest first; their weights stand in
 * planes, one for each binary digit, and a sum is a count of bits in each plane.
 */
export class SliceWeights {
  readonly total: number;
  readonly heaviest: number;
  /** [value of the space] those of the weighty examples that have it. */
  private readonly members: readonly Bits[];
  /** [digit]; a plane ends with the last example that has the digit. null: all weights are 1. */
  private readonly planes: readonly Bits[] | null;
  private readonly scratch: Bits;

  constructor(space: SliceSpace, examples: Uint32Array, weights: Uint32Array) {
    const order = Uint32Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]!);
    this.heaviest = order.length === 0 ? 0 : weights[order[0]!]!;
    this.total = weights.reduce((sum, weight) => sum + weight, 0);
    this.members = space.values.map(({ members }) =>
      bitsWhere(order.length, (place) => {
        const x = examples[order[place]!]!;
        return ((members[x >>> 5]! >>> (x & 31)) & 1) === 1;
      }),
    );
    const digits = this.heaviest === 0 ? 0 : 32 - Math.clz32(this.heaviest);
    const planes = Array.from({ length: digits }, (_, digit) => {
      const plane = bitsWhere(order.length, (place) => ((weights[order[place]!]! >>> digit) & 1) === 1);
      return plane.subarray(0, plane.findLastIndex((word) => word !== 0) + 1);
    });
    this.planes = this.heaviest === 1 ? null : planes;
    this.scratch = new Uint32Array(Math.ceil(order.length / 32));
  }

  /** The weighty examples with all of these values; of two values it holds until the next call. */
  within(values: readonly number[]): Bits {
    const [first, second] = values as readonly [number, number?];
    return second === undefined
      ? this.members[first]!
      : intersect(this.members[first]!, this.members[second]!, this.scratch);
  }

  /** Sum over those of `within` that have the value too; null: over all of them. */
  sum(within: Bits, value: number | null): number {
    const own = value === null ? within : this.members[value]!;
    if (this.planes === null) {
      let count = 0;
      for (let i = 0; i < own.length; i++) count += onesIn(within[i]! & own[i]!);
      return count;
    }
    let sum = 0;
    for (const [digit, plane] of this.planes.entries()) {
      let count = 0;
      for (let i = 0; i < plane.length; i++) count += onesIn(within[i]! & own[i]! & plane[i]!);
      sum += count * 2 ** digit;
    }
    return sum;
  }
}
