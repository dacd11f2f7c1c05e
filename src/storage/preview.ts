import { SPLIT_AUDIT, type Dataset } from '#dataset/dataset.ts';

/**
 * Built-in data as small copies, so that an audit of them can be looked at at once: the pictures that are audited, of a lesser
 * quality, on one sheet. All others are blank until the data are made again.
 */
export interface Preview {
  /** As the data are, without pixels until the sheet is read. */
  readonly dataset: Dataset;
  /** The audited pictures in their order, `ACROSS` in a row, as a file that browsers decode. */
  readonly sheet: Uint8Array;
}

const ACROSS = 80;

/** RGBA bytes, [y, x, 4]. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array | Uint8ClampedArray;
}

/** The audited pictures of a dataset of colour images; null for others. */
export function sheetOf({ features, split }: Dataset): Sheet | null {
  if (features.kind !== 'images' || features.channels !== 3) return null;
  const { width, height, pixels } = features;
  const audited = indicesOf(split);
  const size = sheetSize(audited.length, width, height);
  const rgba = new Uint8Array(4 * size.width * size.height).fill(255);
  eachPixel(audited, width, height, size.width, (from, to) => {
    for (let channel = 0; channel < 3; channel++) rgba[to + channel] = pixels[from + channel]!;
  });
  return { ...size, rgba };
}

/** The dataset of a preview with the pixels of its sheet; null where the sheet is of another size. */
export function withSheet({ dataset }: Pick<Preview, 'dataset'>, sheet: Sheet): Dataset | null {
  const { features, split } = dataset;
  if (features.kind !== 'images' || features.channels !== 3) return null;
  const { width, height } = features;
  const audited = indicesOf(split);
  const size = sheetSize(audited.length, width, height);
  if (sheet.width !== size.width || sheet.height !== size.height) return null;
  const pixels = new Uint8Array(3 * width * height * split.length).fill(BLANK);
  eachPixel(audited, width, height, size.width, (to, from) => {
    for (let channel = 0; channel < 3; channel++) pixels[to + channel] = sheet.rgba[from + channel]!;
  });
  return { ...dataset, features: { ...features, pixels } };
}
const BLANK = 128;

const indicesOf = (split: Uint8Array): readonly number[] =>
  [...split].flatMap((part, x) => (part === SPLIT_AUDIT ? [x] : []));

const sheetSize = (
  count: number,
  width: number,
  height: number,
): { readonly width: number; readonly height: number } => ({
  width: ACROSS * width,
  height: Math.ceil(count / ACROSS) * height,
});

/** Visits each pixel of the audited pictures: where it lies in the dataset's RGB bytes, and in the sheet's RGBA bytes. */
function eachPixel(
  audited: readonly number[],
  width: number,
  height: number,
  sheetWidth: number,
  visit: (inData: number, inSheet: number) => void,
): void {
  for (const [place, example] of audited.entries()) {
    const left = (place % ACROSS) * width;
    const top = Math.floor(place / ACROSS) * height;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        visit(3 * ((example * height + y) * width + x), 4 * ((top + y) * sheetWidth + left + x));
      }
    }
  }
}
