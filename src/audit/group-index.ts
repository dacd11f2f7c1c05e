import type { AuditExamples } from './predictions.ts';
import type { GroupSize } from './rates.ts';
import type { Group } from './result.ts';
import { groupNamed } from './subgroups.ts';

/** A value of an attribute: `feature` is its place among the counted ones, -1 for the usual value. */
interface Value {
  readonly attribute: number;
  readonly feature: number;
}

/**
 * Sums over every subgroup of an audit at once: everyone, every value of every attribute, every pair of values of two attributes
 * that occurs. Of each attribute the most frequent value (or "missing") is not counted: what falls on it is the rest. An example
 * then adds to the pairs of its few unusual values only, not to a group of every pair of attributes, which for 40 binary
 * attributes is a twentieth of the work. Sums of whole numbers are exact.
 */
export class GroupIndex {
  /** Everyone, then values, then pairs of values, in the order of the attributes and of their values. */
  readonly groups: readonly Group[];
  readonly sizes: readonly GroupSize[];
  /** The one or two values of each group. */
  private readonly values: readonly (readonly Value[])[];
  /** Counted values of each attribute. */
  private readonly features: readonly (readonly number[])[];
  /** [example + 1] where its unusual values begin in `unusual`, ascending. */
  private readonly starts: Uint32Array;
  private readonly unusual: Uint16Array;
  private readonly single: Float64Array;
  private readonly pairs: Float64Array; // [lower feature, higher feature]

  constructor({ attributes, labels }: Pick<AuditExamples, 'attributes' | 'labels'>, positive: number) {
    const count = labels.length;
    let featureCount = 0;
    const featureOf = attributes.map(({ values, codes }) => {
      const missing = values.length;
      const sizes = new Uint32Array(missing + 1);
      for (const code of codes) sizes[code < 0 ? missing : code]!++;
      const usual = sizes.indexOf(Math.max(...sizes));
      return Int32Array.from(sizes, (size, code) => (code === usual || size === 0 ? -1 : featureCount++));
    });
    this.features = featureOf.map((own) => [...own].filter((feature) => feature >= 0));
    this.starts = new Uint32Array(count + 1);
    const unusual: number[] = [];
    for (let x = 0; x < count; x++) {
      for (const [a, { values, codes }] of attributes.entries()) {
        const feature = featureOf[a]![codes[x]! < 0 ? values.length : codes[x]!]!;
        if (feature >= 0) unusual.push(feature);
      }
      this.starts[x + 1] = unusual.length;
    }
    this.unusual = Uint16Array.from(unusual);
    this.single = new Float64Array(featureCount);
    this.pairs = new Float64Array(featureCount * featureCount);

    // A value without any example has no feature either; its sums are 0, which only a lookup of its own can tell.
    const present = attributes.map(({ values, codes }) => {
      const seen = values.map(() => false);
      for (const code of codes) if (code >= 0) seen[code] = true;
      return seen;
    });
    const groups: Group[] = [{}];
    const values: (readonly Value[] | null)[] = [[]];
    for (const [a, { name, values: own }] of attributes.entries()) {
      for (const [code, value] of own.entries()) {
        groups.push(groupNamed([name, value]));
        values.push(present[a]![code] ? [{ attribute: a, feature: featureOf[a]![code]! }] : null);
      }
    }
    const listed = groups.length;
    for (const [a, first] of attributes.entries()) {
      for (let b = a + 1; b < attributes.length; b++) {
        const second = attributes[b]!;
        for (const [u, firstValue] of first.values.entries()) {
          for (const [v, secondValue] of second.values.entries()) {
            if (!present[a]![u] || !present[b]![v]) continue;
            groups.push(groupNamed([first.name, firstValue], [second.name, secondValue]));
            values.push([
              { attribute: a, feature: featureOf[a]![u]! },
              { attribute: b, feature: featureOf[b]![v]! },
            ]);
          }
        }
      }
    }
    this.values = values as readonly (readonly Value[])[];
    const everyone = Uint32Array.from({ length: count }, (_, x) => x);
    const n = this.sum(everyone);
    const positives = this.sum(everyone.filter((x) => labels[x] === positive));
    const kept = groups.map((_, g) => g).filter((g) => g < listed || n[g]! > 0);
    this.groups = kept.map((g) => groups[g]!);
    this.values = kept.map((g) => this.values[g]!);
    this.sizes = kept.map((g) => ({ n: n[g]!, positives: positives[g]!, negatives: n[g]! - positives[g]! }));
  }

  /** [group] sum of the weights of the listed examples in it; `weights` are [place in the list], 1 where left out. */
  sum(list: Uint32Array, weights?: ArrayLike<number>): Float64Array {
    const { starts, unusual, single, pairs } = this;
    const width = single.length;
    single.fill(0);
    pairs.fill(0);
    let total = 0;
    for (let i = 0; i < list.length; i++) {
      const weight = weights === undefined ? 1 : weights[i]!;
      if (weight === 0) continue;
      total += weight;
      const end = starts[list[i]! + 1]!;
      for (let j = starts[list[i]!]!; j < end; j++) {
        const feature = unusual[j]!;
        single[feature]! += weight;
        for (let k = j + 1; k < end; k++) pairs[feature * width + unusual[k]!]! += weight;
      }
    }
    return Float64Array.from(this.values, (own) => this.sumOf(own, total));
  }

  private sumOf(values: readonly Value[] | null, total: number): number {
    if (values === null) return 0; // no example has it
    const [first, second] = values as readonly [Value?, Value?];
    if (first === undefined) return total;
    if (second === undefined) return first.feature >= 0 ? this.single[first.feature]! : this.rest(first, total);
    if (first.feature >= 0 && second.feature >= 0) return this.pair(first.feature, second.feature);
    if (first.feature >= 0) return this.restOf(first.feature, second);
    if (second.feature >= 0) return this.restOf(second.feature, first);
    let sum = this.rest(first, total);
    for (const feature of this.features[second.attribute]!) sum -= this.restOf(feature, first);
    return sum;
  }

  /** What falls on the usual value of an attribute. */
  private rest({ attribute }: Value, total: number): number {
    let sum = total;
    for (const feature of this.features[attribute]!) sum -= this.single[feature]!;
    return sum;
  }

  /** What falls on a counted value and the usual value of another attribute. */
  private restOf(feature: number, { attribute }: Value): number {
    let sum = this.single[feature]!;
    for (const other of this.features[attribute]!) sum -= this.pair(feature, other);
    return sum;
  }

  private pair(a: number, b: number): number {
    return this.pairs[Math.min(a, b) * this.single.length + Math.max(a, b)]!;
  }
}
