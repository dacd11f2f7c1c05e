import type { Dataset } from '#dataset/dataset.ts';

const hexOf = (buffer: ArrayBuffer): string =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The bytes under the numbers of a typed array, as crypto wants them; a dataset never lies in shared memory. */
const bytesOf = (array: ArrayBufferView): BufferSource =>
  new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);

/**
 * SHA-256 of what a dataset holds, hex: inputs, columns with their names and values, split and ids; not its name, remarks or
 * question. Taken as the hash of the parts' hashes, so that nothing large is copied.
 */
export async function contentHash(dataset: Omit<Dataset, 'hash'>): Promise<string> {
  const { features } = dataset;
  const description =
    features.kind === 'images'
      ? { kind: features.kind, width: features.width, height: features.height, channels: features.channels }
      : {
          kind: features.kind,
          numeric: features.numeric.map((column) => column.name),
          categorical: features.categorical,
        };
  const columns = dataset.columns.map(({ name, values }) => ({ name, values }));
  const text = new TextEncoder().encode(JSON.stringify({ description, columns, ids: dataset.ids }));
  const parts = [
    text,
    dataset.split,
    ...(features.kind === 'images' ? [features.pixels] : features.numeric.map((column) => column.numbers)),
    ...dataset.columns.map((column) => column.codes),
  ];
  const hashes: Uint8Array<ArrayBuffer>[] = [];
  for (const part of parts) hashes.push(new Uint8Array(await crypto.subtle.digest('SHA-256', bytesOf(part))));
  const joined = new Uint8Array(hashes.length * 32);
  hashes.forEach((hash, i) => {
    joined.set(hash, i * 32);
  });
  return hexOf(await crypto.subtle.digest('SHA-256', joined));
}
