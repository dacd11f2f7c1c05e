import type { Dataset } from '#dataset/dataset.ts';
import type { KeyValue } from './key-value.ts';

/** A write copies what it writes on the page's thread: pixels go in parts small enough that no copy can be felt. */
const PART_BYTES = 8 * 2 ** 20;

const partKey = (hash: string, part: number): string => `${hash}/${String(part).padStart(6, '0')}`;

/** Writes a dataset under its hash, pixels first and the rest last: what can be read back is whole. One that is there is left alone. */
export async function writeDataset(store: KeyValue, dataset: Dataset): Promise<void> {
  const { features, hash } = dataset;
  if ((await store.get('datasets', hash)) !== undefined) return;
  if (features.kind === 'table') {
    await store.put('datasets', hash, dataset);
    return;
  }
  const { pixels } = features;
  for (let part = 0; part * PART_BYTES < pixels.length; part++) {
    const from = part * PART_BYTES;
    await store.put('datasets', partKey(hash, part), pixels.slice(from, from + PART_BYTES));
  }
  await store.put('datasets', hash, { ...dataset, features: { ...features, pixels: new Uint8Array() } });
}

/** The dataset of a hash; null where there is none, or where a part of it is gone. */
export async function readDataset(store: KeyValue, hash: string): Promise<Dataset | null> {
  const dataset = (await store.get('datasets', hash)) as Dataset | undefined;
  if (!dataset || dataset.features.kind === 'table') return dataset ?? null;
  const { width, height, channels } = dataset.features;
  const pixels = new Uint8Array(dataset.ids.length * width * height * channels);
  let at = 0;
  for (let part = 0; at < pixels.length; part++) {
    const bytes = (await store.get('datasets', partKey(hash, part))) as Uint8Array | undefined;
    if (!bytes) return null;
    pixels.set(bytes, at);
    at += bytes.length;
  }
  return { ...dataset, features: { ...dataset.features, pixels } };
}
