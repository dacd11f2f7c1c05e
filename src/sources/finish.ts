import { findDuplicates, splitWithoutLeaks } from '#dataset/duplicates.ts';
import type { Dataset } from '#dataset/dataset.ts';
import { contentHash } from './hash.ts';
import type { LoadedDataset, SkippedFile } from './source.ts';

/**
 * What every dataset goes through last: duplicates are counted, the content is hashed. Pictures that are in both splits are
 * left out of training, so that nothing audited has been seen; rows of a table are not, for two people can share all values.
 */
export async function finishDataset(
  unhashed: Omit<Dataset, 'hash'>,
  skipped: readonly SkippedFile[],
): Promise<LoadedDataset> {
  const found = findDuplicates({ ...unhashed, hash: '' });
  const [one, many] = unhashed.noun;
  const count = `${String(found.acrossSplits)} ${found.acrossSplits === 1 ? one : many}`;
  let clean = unhashed;
  if (found.acrossSplits > 0 && unhashed.features.kind === 'images') {
    const remark = `${count} in both splits: the copies are left out of training, so that nothing audited has been seen before.`;
    clean = { ...unhashed, split: splitWithoutLeaks(unhashed.split, found), remarks: [...unhashed.remarks, remark] };
  } else if (found.acrossSplits > 0) {
    const remark = `${count} with exactly the same inputs in both splits. They are kept: they need not be the same.`;
    clean = { ...unhashed, remarks: [...unhashed.remarks, remark] };
  }
  return {
    dataset: { ...clean, hash: await contentHash(clean) },
    skipped,
    duplicates: { groups: found.groups.length, acrossSplits: found.acrossSplits },
  };
}
