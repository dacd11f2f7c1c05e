import { SPLIT_AUDIT, SPLIT_TRAIN, SPLIT_UNUSED, type Dataset } from '#dataset/dataset.ts';

export interface Duplicates {
  /** Sets of two or more examples with the same content, indices ascending; ordered by their first example. */
  readonly groups: readonly (readonly number[])[];
  /** How many of the groups have an example in the train split and one in the audit split: a leak. */
  readonly acrossSplits: number;
}

/**
 * Examples with exactly the same inputs: pixels, or numbers and categories of the input columns (missing equals missing).
 * Labels do not count, so copies with conflicting labels are found too. Hashed first, then compared value by value.
 */
export function findDuplicates(dataset: Dataset): Duplicates {
  const rows = contentRows(dataset);
  const byHash = new Map<number, number[][]>();
  for (let x = 0; x < dataset.ids.length; x++) {
    const key = rows.hash(x);
    const candidates = byHash.get(key);
    if (!candidates) byHash.set(key, [[x]]);
    else {
      const same = candidates.find((group) => rows.equal(group[0]!, x));
      if (same) same.push(x);
      else candidates.push([x]);
    }
  }
  const groups = [...byHash.values()]
    .flat()
    .filter((group) => group.length > 1)
    .sort((a, b) => a[0]! - b[0]!);
  const has = (group: readonly number[], part: number): boolean => group.some((x) => dataset.split[x] === part);
  const acrossSplits = groups.filter((group) => has(group, SPLIT_TRAIN) && has(group, SPLIT_AUDIT)).length;
  return { groups, acrossSplits };
}

/**
 * The other examples with exactly the inputs of this one, as `findDuplicates` compares them, indices ascending. In steps of
 * a few thousand comparisons: whoever runs it may stop in between.
 */
export function* duplicatesOf(dataset: Dataset, example: number): Generator<undefined, readonly number[], undefined> {
  const equal = sameContent(dataset);
  const copies: number[] = [];
  for (let x = 0; x < dataset.ids.length; x++) {
    if (x !== example && equal(x, example)) copies.push(x);
    if (x % 4096 === 4095) yield;
  }
  return copies;
}

function sameContent(dataset: Dataset): (a: number, b: number) => boolean {
  const { features } = dataset;
  if (features.kind === 'images') return contentRows(dataset).equal;
  const codes = dataset.columns.filter((column) => features.categorical.includes(column.name));
  return (a, b) =>
    codes.every((column) => column.codes[a] === column.codes[b]) &&
    features.numeric.every(
      ({ numbers }) => numbers[a] === numbers[b] || (Number.isNaN(numbers[a]) && Number.isNaN(numbers[b])),
    );
}

/** The split with every training example set unused whose content is also in the audit split, so that nothing audited was seen. */
export function splitWithoutLeaks(split: Uint8Array, duplicates: Duplicates): Uint8Array {
  const clean = split.slice();
  for (const group of duplicates.groups) {
    if (!group.some((x) => split[x] === SPLIT_AUDIT)) continue;
    for (const x of group) if (split[x] === SPLIT_TRAIN) clean[x] = SPLIT_UNUSED;
  }
  return clean;
}

interface ContentRows {
  readonly hash: (example: number) => number;
  readonly equal: (a: number, b: number) => boolean;
}

function contentRows(dataset: Dataset): ContentRows {
  const { features } = dataset;
  if (features.kind === 'images') {
    return byteRows(features.pixels, features.width * features.height * features.channels);
  }
  const codes = dataset.columns.filter((column) => features.categorical.includes(column.name));
  const width = features.numeric.length + codes.length;
  // One number a cell, as bytes, so that NaN equals NaN and both kinds of columns compare the same way.
  const table = new Float64Array(dataset.ids.length * width);
  for (let x = 0; x < dataset.ids.length; x++) {
    features.numeric.forEach((column, i) => (table[x * width + i] = column.numbers[x]! + 0));
    codes.forEach((column, i) => (table[x * width + features.numeric.length + i] = column.codes[x]!));
  }
  return byteRows(new Uint8Array(table.buffer), width * 8);
}

function byteRows(bytes: Uint8Array, width: number): ContentRows {
  return {
    hash: (example) => {
      let hash = 0x811c9dc5; // FNV-1a
      for (let i = example * width; i < (example + 1) * width; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
      return hash >>> 0;
    },
    equal: (a, b) => {
      for (let i = 0; i < width; i++) if (bytes[a * width + i] !== bytes[b * width + i]) return false;
      return true;
    },
  };
}
