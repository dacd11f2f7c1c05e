import type { Column } from '#dataset/dataset.ts';
import type { AuditExamples } from './predictions.ts';
import type { GroupSize } from './rates.ts';
import type { Group } from './result.ts';

/** Disjoint subgroups: everyone, the values of one attribute, or the pairs of values of two. */
export interface Partition {
  /** Names of the attributes: none, one or two. */
  readonly attributes: readonly string[];
  readonly groups: readonly Group[];
  readonly sizes: readonly GroupSize[];
  /** [example] index into `groups`, -1 where a value is missing. */
  readonly groupOf: Int32Array;
}

/**
 * The partitions of an audit: `{}`, then every attribute, then every pair of attributes, in the order of the attributes and
 * of their values. An example with a missing value is in no subgroup of that attribute. A value without examples stays as a
 * group of size 0; a pair of values without examples is left out.
 */
export function* partitions(examples: AuditExamples, positive: number): Generator<Partition> {
  const { attributes, labels } = examples;
  const everyone = { groups: [{}], groupOf: new Int32Array(labels.length) };
  yield { attributes: [], ...everyone, sizes: groupSizes(everyone.groupOf, 1, labels, positive) };
  for (const attribute of attributes) {
    const groups = attribute.values.map((value) => groupNamed([attribute.name, value]));
    const groupOf = Int32Array.from(attribute.codes);
    yield {
      attributes: [attribute.name],
      groups,
      groupOf,
      sizes: groupSizes(groupOf, groups.length, labels, positive),
    };
  }
  for (const [i, first] of attributes.entries()) {
    for (const second of attributes.slice(i + 1)) {
      const pairs = pairPartition(first, second);
      yield {
        attributes: [first.name, second.name],
        ...pairs,
        sizes: groupSizes(pairs.groupOf, pairs.groups.length, labels, positive),
      };
    }
  }
}

/** The pairs of values that occur, in the order of the values of the first, then of the second attribute. */
function pairPartition(first: Column, second: Column): Pick<Partition, 'groups' | 'groupOf'> {
  const width = second.values.length;
  const groupOf = new Int32Array(first.codes.length);
  const indexOfPair = new Int32Array(first.values.length * width).fill(-1);
  for (let x = 0; x < groupOf.length; x++) {
    const a = first.codes[x]!;
    const b = second.codes[x]!;
    const pair = a < 0 || b < 0 ? -1 : a * width + b;
    groupOf[x] = pair;
    if (pair >= 0) indexOfPair[pair] = 0;
  }
  const groups: Group[] = [];
  for (let pair = 0; pair < indexOfPair.length; pair++) {
    if (indexOfPair[pair]! < 0) continue;
    indexOfPair[pair] = groups.length;
    groups.push(
      groupNamed([first.name, first.values[Math.floor(pair / width)]!], [second.name, second.values[pair % width]!]),
    );
  }
  for (let x = 0; x < groupOf.length; x++) if (groupOf[x]! >= 0) groupOf[x] = indexOfPair[groupOf[x]!]!;
  return { groups, groupOf };
}

/** A group from pairs of attribute and value, safe for any attribute name. */
export function groupNamed(...entries: readonly (readonly [string, string])[]): Group {
  return Object.fromEntries(entries);
}

function groupSizes(groupOf: Int32Array, groups: number, labels: Uint16Array, positive: number): readonly GroupSize[] {
  const n = new Uint32Array(groups);
  const positives = new Uint32Array(groups);
  for (let x = 0; x < groupOf.length; x++) {
    const group = groupOf[x]!;
    if (group < 0) continue;
    n[group]!++;
    if (labels[x] === positive) positives[group]!++;
  }
  return Array.from(n, (count, group) => ({
    n: count,
    positives: positives[group]!,
    negatives: count - positives[group]!,
  }));
}
