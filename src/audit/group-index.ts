import type { Features } from './features.ts';
import type { AuditExamples } from './predictions.ts';
import type { ErrorCounts, GroupSize, WrongPredictions } from './rates.ts';
import { FALSE_NEGATIVE, FALSE_POSITIVE } from './rates.ts';
import type { Group } from './result.ts';
import { groupNamed } from './subgroups.ts';

/** Kinds of wrong predictions; see rates.ts. */
const KINDS = 3;
/** Sums that are made in one go. */
export const WEIGHTS = 3;

/**
 * Sums over every subgroup of an audit at once: everyone, every value of every attribute, every pair of values of two attributes
 * that occurs. An example adds to the cells of its features (features.ts) and of pairs of them; a group is a sum and difference
 * of cells. For 40 binary attributes that is a twentieth of adding to every group. Sums of whole numbers are exact.
 */
export class GroupIndex {
  private readonly features: Features;
  /** Everyone, then values, then pairs of values, in the order of the attributes and of their values. */
  readonly groups: readonly Group[];
  readonly sizes: readonly GroupSize[];
  /** [attribute][value] its group. */
  readonly unitary: readonly (readonly number[])[];
  private readonly width: number;
  /** Everyone, then features, then [lower feature, higher feature]. */
  private readonly cells: number;
  /** [group + 1] where its terms begin. */
  private readonly starts: Uint32Array;
  /** [term] the cell, and whether it is added (1) or taken away (-1). */
  private readonly terms: Uint32Array;
  private readonly signs: Int8Array;

  constructor(
    { attributes, labels }: Pick<AuditExamples, 'attributes' | 'labels'>,
    features: Features,
    positive: number,
  ) {
    this.features = features;
    this.width = this.features.count;
    this.cells = 1 + this.width + this.width ** 2;

    const named: { readonly group: Group; readonly values: readonly Value[]; readonly listed: boolean }[] = [
      { group: {}, values: [], listed: true },
    ];
    const { sizes } = this.features;
    const unitary: number[][] = [];
    for (const [a, { name, values }] of attributes.entries()) {
      unitary.push(values.map((_, code) => named.length + code));
      for (const [code, value] of values.entries())
        named.push({ group: groupNamed([name, value]), values: [[a, code]], listed: true });
    }
    for (const [a, first] of attributes.entries()) {
      for (let b = a + 1; b < attributes.length; b++) {
        const second = attributes[b]!;
        for (const [u, firstValue] of first.values.entries()) {
          if (sizes[a]![u] === 0) continue;
          for (const [v, secondValue] of second.values.entries()) {
            if (sizes[b]![v] === 0) continue;
            const group = groupNamed([first.name, firstValue], [second.name, secondValue]);
            const values: readonly Value[] = [
              [a, u],
              [b, v],
            ];
            named.push({ group, values, listed: false });
          }
        }
      }
    }
    this.unitary = unitary;
    const all = this.termsOf(named.map(({ values }) => values));
    [this.starts, this.terms, this.signs] = [all.starts, all.terms, all.signs];
    const weights = new Float64Array(WEIGHTS * labels.length);
    for (let x = 0; x < labels.length; x++) weights[WEIGHTS * x + (labels[x] === positive ? 0 : 1)] = 1;
    const counted = this.sums(null, weights);
    const sizeOf = (g: number): GroupSize => {
      const [positives, negatives] = [counted[WEIGHTS * g]!, counted[WEIGHTS * g + 1]!];
      return { n: positives + negatives, positives, negatives };
    };
    const kept = [...named.keys()].filter((g) => named[g]!.listed || sizeOf(g).n > 0);
    if (kept.length < named.length) {
      const left = this.termsOf(kept.map((g) => named[g]!.values));
      [this.starts, this.terms, this.signs] = [left.starts, left.terms, left.signs];
    }
    this.groups = kept.map((g) => named[g]!.group);
    this.sizes = kept.map(sizeOf);
  }

  /**
   * Sums of three weights over the listed examples in each group: `weights` are [place in the list, WEIGHTS], the result is
   * [group, WEIGHTS]. list null: every example.
   */
  sums(list: Uint32Array | null, weights: Float64Array): Float64Array {
    const { starts, list: features } = this.features;
    const stride = this.width * WEIGHTS;
    const cells = new Float64Array(this.cells * WEIGHTS);
    const count = weights.length / WEIGHTS;
    for (let i = 0; i < count; i++) {
      const x = list === null ? i : list[i]!;
      const [a, b, c] = [weights[i * WEIGHTS]!, weights[i * WEIGHTS + 1]!, weights[i * WEIGHTS + 2]!];
      const end = starts[x + 1]!;
      cells[0]! += a;
      cells[1]! += b;
      cells[2]! += c;
      for (let j = starts[x]!; j < end; j++) {
        const feature = features[j]!;
        const single = (1 + feature) * WEIGHTS;
        cells[single]! += a;
        cells[single + 1]! += b;
        cells[single + 2]! += c;
        const row = WEIGHTS + stride + feature * stride;
        for (let k = j + 1; k < end; k++) {
          const cell = row + features[k]! * WEIGHTS;
          cells[cell]! += a;
          cells[cell + 1]! += b;
          cells[cell + 2]! += c;
        }
      }
    }
    const groups = this.starts.length - 1;
    const sums = new Float64Array(groups * WEIGHTS);
    for (let group = 0; group < groups; group++) {
      const at = group * WEIGHTS;
      const end = this.starts[group + 1]!;
      for (let term = this.starts[group]!; term < end; term++) {
        const cell = this.terms[term]! * WEIGHTS;
        const sign = this.signs[term]!;
        sums[at]! += sign * cells[cell]!;
        sums[at + 1]! += sign * cells[cell + 1]!;
        sums[at + 2]! += sign * cells[cell + 2]!;
      }
    }
    return sums;
  }

  /** Wrong predictions of every kind by group and member. */
  countErrors({ members, starts, examples, kinds }: WrongPredictions): ErrorCounts {
    const { starts: from, list: features } = this.features;
    const stride = this.width;
    const groups = this.groups.length;
    const counts: ErrorCounts = {
      members,
      wrong: new Uint32Array(groups * members),
      falsePositives: new Uint32Array(groups * members),
      falseNegatives: new Uint32Array(groups * members),
    };
    const cells = new Int32Array(this.cells * KINDS); // [cell, kind]
    for (let member = 0; member < members; member++) {
      cells.fill(0);
      for (let i = starts[member]!; i < starts[member + 1]!; i++) {
        const kind = kinds[i]!;
        const x = examples[i]!;
        const end = from[x + 1]!;
        cells[kind]!++;
        for (let j = from[x]!; j < end; j++) {
          const feature = features[j]!;
          cells[(1 + feature) * KINDS + kind]!++;
          const row = (1 + stride + feature * stride) * KINDS + kind;
          for (let k = j + 1; k < end; k++) cells[row + features[k]! * KINDS]!++;
        }
      }
      for (let group = 0; group < groups; group++) {
        let [others, positives, negatives] = [0, 0, 0];
        const end = this.starts[group + 1]!;
        for (let term = this.starts[group]!; term < end; term++) {
          const cell = this.terms[term]! * KINDS;
          const sign = this.signs[term]!;
          others += sign * cells[cell]!;
          positives += sign * cells[cell + FALSE_POSITIVE]!;
          negatives += sign * cells[cell + FALSE_NEGATIVE]!;
        }
        const at = group * members + member;
        counts.wrong[at] = others + positives + negatives;
        counts.falsePositives[at] = positives;
        counts.falseNegatives[at] = negatives;
      }
    }
    return counts;
  }

  /** Each group as a sum and difference of cells. */
  private termsOf(groups: readonly (readonly Value[])[]) {
    const { featureOf, own, sizes } = this.features;
    const starts = new Uint32Array(groups.length + 1);
    const terms: number[] = [];
    const signs: number[] = [];
    /** A value as the cells that make it: its own, or everyone's less those of its attribute's features; -1 is everyone. */
    const parts = ([a, code]: Value): readonly (readonly [feature: number, sign: number])[] => {
      if (sizes[a]![code] === 0) return [];
      const feature = featureOf[a]![code]!;
      return feature >= 0 ? [[feature, 1]] : [[-1, 1], ...own[a]!.map((other) => [other, -1] as const)];
    };
    const cellOf = (a: number, b: number): number => {
      if (a < 0 || b < 0) return 1 + Math.max(a, b);
      return 1 + this.width + Math.min(a, b) * this.width + Math.max(a, b);
    };
    const everyone = [[-1, 1] as const];
    for (const [group, [first, second]] of groups.entries()) {
      for (const [a, sign] of first === undefined ? everyone : parts(first)) {
        for (const [b, other] of second === undefined ? everyone : parts(second)) {
          terms.push(cellOf(a, b));
          signs.push(sign * other);
        }
      }
      starts[group + 1] = terms.length;
    }
    return { starts, terms: Uint32Array.from(terms), signs: Int8Array.from(signs) };
  }
}

/** A value of an attribute. */
type Value = readonly [attribute: number, code: number];
