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
  const isLeak = unhashed.features.kind === 'images' && found.acrossSplits > 0;
  const count = `${String(found.acrossSplits)} ${found.acrossSplits === 1 ? one : many}`;
  const clean = isLeak
    ? {
        ...unhashed,
        split: splitWithoutLeaks(unhashed.split, found),
        remarks: [
          ...unhashed.remarks,
          `${count} in both splits: the copies are left out of training, so that nothing audited has been seen before.`,
        ],
      }
    : unhashed;
  return {
    dataset: { ...clean, hash: await contentHash(clean) },
    skipped,
    duplicates: { groups: found.groups.length, acrossSplits: found.acrossSplits },
  };
}
