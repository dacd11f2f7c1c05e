import { fail, ok } from '#lib/result.ts';
import { drawFace } from '#sources/builtin/faces/draw.ts';
import { faceParameters } from '#sources/builtin/faces/parameters.ts';
import { MIME } from '#sources/formats/image-header.ts';
import type { ImageDecoder } from '#sources/images.ts';
import { centreSquare, squareMean, strips } from '#sources/square-mean.ts';

/** A canvas in memory that is read rather than shown, with white to paint. */
export function createContext(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas in workers.');
  context.fillStyle = '#fff';
  return context;
}

/**
 * Pictures are decoded by the browser (first frame, turned as EXIF says, colours to sRGB) and their centre square is painted
 * on white; `squareMean` makes it the right size. Browsers that add noise to canvas reads are noticed and named in the remark.
 */
export function createCanvasDecoder(): ImageDecoder {
  return {
    remark: readsExactly()
      ? null
      : 'This browser changes pixels that a page reads back, against fingerprinting. The images are not exactly those of the files.',
    decode: async (bytes, header, size) => {
      let bitmap: ImageBitmap;
      try {
        // Bytes that were read from a file or a zip never lie in shared memory.
        bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: MIME[header.format] }));
      } catch {
        return fail(
          'image-decode',
          `this browser cannot decode it; the ${header.format.toUpperCase()} is damaged or of an unusual kind`,
        );
      }
      const { side, left, top } = centreSquare(bitmap.width, bitmap.height);
      const mean = squareMean(side, size);
      let context: OffscreenCanvasRenderingContext2D | null = null;
      for (const { first, count } of strips(side)) {
        context ??= createContext(side, count);
        context.fillRect(0, 0, side, count);
        context.drawImage(bitmap, left, top + first, side, count, 0, 0, side, count);
        mean.add(context.getImageData(0, 0, side, count).data, first, count);
      }
      bitmap.close();
      return ok(mean.pixels());
    },
  };
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!;
    rgb[to + 1] = rgba[from + 1]!;
    rgb[to + 2] = rgba[from + 2]!;
  }
  return rgb;
}

function withAlpha(rgb: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    rgba[to] = rgb[from]!;
    rgba[to + 1] = rgb[from + 1]!;
    rgba[to + 2] = rgb[from + 2]!;
    rgba[to + 3] = 255;
  }
  return rgba;
}

/** A canary: known pixels, written and read back. */
function readsExactly(): boolean {
  const rgb = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => (i * 37) & 255);
  const context = createContext(16, 16);
  context.putImageData(new ImageData(withAlpha(rgb), 16, 16), 0, 0);
  const read = withoutAlpha(context.getImageData(0, 0, 16, 16).data);
  return read.every((value, i) => value === rgb[i]);
}

/** The built-in face of that seed and index, size x size pixels. */
export function paintPortrait(seed: number, index: number, size: number): Promise<ImageBitmap> {
  return createImageBitmap(new ImageData(withAlpha(drawFace(faceParameters(seed, index), size)), size, size));
}
