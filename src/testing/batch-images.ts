import type { KernelBench } from '#testing/kernel-bench.ts';

/** Images in the batches of these tests. */
export const IMAGES = 3;

/** Values [image, y, x, channel] of a test, and a tensor of the kernels with a zero border in whose channels they lie. */
export interface Images {
  readonly record: number;
  readonly at: (image: number, y: number, x: number, channel: number) => number; // 0 outside
  readonly read: () => number[]; // [image, y, x, stored]
}

/** Puts images of `channels` values, stored as `stored` with zeros behind, inside a zero border; no values: zeros. */
export const imagesOn =
  ({ get, putInts, memory }: KernelBench) =>
  (height: number, width: number, channels: number, stored: number, border: number, values?: () => number): Images => {
    const [rows, columns] = [height + 2 * border, width + 2 * border];
    const [row, stride] = [columns * stored * 4, rows * columns * stored * 4 + 64];
    const data = memory().reserve(IMAGES * stride + 64, 'images');
    const place = (image: number, y: number, x: number, channel: number): number =>
      (data + image * stride + (y + border) * row + ((x + border) * stored + channel) * 4) / 4;
    const own: number[] = [];
    for (let image = 0; image < IMAGES; image++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          for (let c = 0; c < stored; c++) {
            const value = values && c < channels ? Math.fround(values()) : 0;
            own.push(value);
            memory().floats()[place(image, y, x, c)] = value;
          }
    const record = putInts([place(0, 0, 0, 0) * 4, stride, row, stored * 4, height, width, stored, channels]);
    return {
      record,
      at: (image, y, x, c) =>
        y < 0 || x < 0 || y >= height || x >= width ? 0 : own[((image * height + y) * width + x) * stored + c]!,
      read: () => {
        const values: number[] = [];
        for (let image = 0; image < IMAGES; image++)
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++) values.push(...get(place(image, y, x, 0) * 4, stored));
        return values;
      },
    };
  };

/** of(image, y, x, channel) of every place of a tensor. */
export function everywhere(
  height: number,
  width: number,
  stored: number,
  of: (image: number, y: number, x: number, c: number) => number,
): number[] {
  return Array.from({ length: IMAGES * height * width * stored }, (_, i) => {
    const pixel = Math.floor(i / stored);
    return of(Math.floor(pixel / width / height), Math.floor(pixel / width) % height, pixel % width, i % stored);
  });
}
