import { bitsWhere, countBits, countBoth, intersect, type Bits } from './bits.ts';
import type { AuditExamples } from './predictions.ts';
import type { Group } from './result.ts';
import { groupNamed } from './subgroups.ts';

/** A value of an attribute that enough examples have. */
export interface SliceValue {
  readonly attribute: number;
  readonly code: number;
  readonly members: Bits;
  readonly n: number;
}

/** Sizes are kept for at most so many combinations of three values. */
const MOST_KEPT = 4_000_000;
const UNKNOWN = 0xffffffff;

/** The combinations of values that slices are sought among, with their sizes, which every search after the first finds counted. */
export class SliceSpace {
  readonly examples: number;
  readonly minCount: number;
  /** In the order of attributes and values. */
  readonly values: readonly SliceValue[];
  private readonly attributes: AuditExamples['attributes'];
  /** By the pair of values, then by the third; [value]. */
  private readonly sizes = new Map<number, Uint32Array>();
  private readonly scratch: Bits;
  /** The pair whose examples are in `scratch`. */
  private inScratch = -1;

  /** `minCount`: fewest examples of a slice. */
  constructor({ attributes, labels }: Pick<AuditExamples, 'attributes' | 'labels'>, minCount: number) {
    this.attributes = attributes;
    this.examples = labels.length;
    this.minCount = Math.max(1, minCount);
    this.scratch = new Uint32Array(Math.ceil(labels.length / 32));
    this.values = attributes.flatMap(({ values, codes }, attribute) =>
      values.flatMap((_, code) => {
        const members = bitsWhere(labels.length, (x) => codes[x] === code);
        const n = countBits(members);
        return n < this.minCount ? [] : { attribute, code, members, n };
      }),
    );
  }

  /** How many examples have all of these values; one to three indices into `values`, ascending. */
  size(slice: readonly number[]): number {
    const [first, second, third] = slice as readonly [number, number?, number?];
    const { members, n } = this.values[first]!;
    if (second === undefined) return n;
    if (third === undefined) return countBoth(members, this.values[second]!.members);
    const pair = first * this.values.length + second;
    let known = this.sizes.get(pair);
    if (known === undefined) {
      known = new Uint32Array(this.values.length).fill(UNKNOWN);
      if ((this.sizes.size + 1) * known.length <= MOST_KEPT) this.sizes.set(pair, known);
    }
    if (known[third] === UNKNOWN) {
      if (this.inScratch !== pair) intersect(members, this.values[second]!.members, this.scratch);
      this.inScratch = pair;
      known[third] = countBoth(this.scratch, this.values[third]!.members);
    }
    return known[third]!;
  }

  groupOf(slice: readonly number[]): Group {
    return groupNamed(
      ...slice.map((value) => {
        const { attribute, code } = this.values[value]!;
        const { name, values } = this.attributes[attribute]!;
        return [name, values[code]!] as const;
      }),
    );
  }

  membersOf(slice: readonly number[]): Bits {
    const members = this.values[slice[0]!]!.members.slice();
    for (const value of slice.slice(1)) intersect(members, this.values[value]!.members, members);
    return members;
  }
}
