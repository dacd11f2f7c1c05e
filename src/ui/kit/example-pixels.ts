import type { Dataset } from '#dataset/dataset.ts';

/** Copies example `index` as RGBA into `out` (width * height * 4 bytes, from `offset`), grey spread over three channels. Images only. */
export function writeRgba(dataset: Dataset, index: number, out: Uint8ClampedArray, offset = 0): void {
  if (dataset.features.kind !== 'images') return;
  const { width, height, channels, pixels } = dataset.features;
  const count = width * height;
  const start = index * count * channels;
  for (let p = 0; p < count; p++) {
    const from = start + p * channels;
    const to = offset + p * 4;
    out[to] = pixels[from]!;
    out[to + 1] = pixels[channels === 3 ? from + 1 : from]!;
    out[to + 2] = pixels[channels === 3 ? from + 2 : from]!;
    out[to + 3] = 255;
  }
}

/** The pixels of one example for a canvas; null for a table or an index outside the data. */
export function exampleImageData(dataset: Dataset, index: number): ImageData | null {
  if (dataset.features.kind !== 'images' || index < 0 || index >= dataset.ids.length) return null;
  const image = new ImageData(dataset.features.width, dataset.features.height);
  writeRgba(dataset, index, image.data);
  return image;
}

/** An example in words: "face 17: Blond: no, Male: yes". Target and compared attributes only; a missing cell is left out. */
export function describeExample(dataset: Dataset, index: number): string {
  const wanted = [dataset.question.target, ...dataset.question.attributes];
  const facts = wanted.flatMap((name) => {
    const column = dataset.columns.find((candidate) => candidate.name === name);
    const value = column?.values[column.codes[index] ?? -1];
    return value === undefined ? [] : [`${name}: ${value}`];
  });
  return [`${dataset.noun[0]} ${dataset.ids[index] ?? ''}`, facts.join(', ')].filter((part) => part !== '').join(': ');
}
