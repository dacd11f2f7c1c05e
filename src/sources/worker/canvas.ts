import { fail, ok } from '#lib/result.ts';
import { drawFace } from '#sources/builtin/faces/draw.ts';
import { faceParameters } from '#sources/builtin/faces/parameters.ts';
import { MIME } from '#sources/formats/image-header.ts';
import type { ImageDecoder } from '#sources/images.ts';

function createContext(size: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(size, size).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas in workers.');
  return context;
}

/**
 * Pictures are decoded by the browser (first frame, turned as EXIF says, colours to sRGB), their centre square is painted on
 * white and resized with high quality. Browsers that add noise to canvas reads are noticed and named in the remark.
 */
export function createCanvasDecoder(): ImageDecoder {
  const contexts = new Map<number, OffscreenCanvasRenderingContext2D>();
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
      const context = contexts.get(size) ?? createContext(size);
      contexts.set(size, context);
      const side = Math.min(bitmap.width, bitmap.height);
      context.fillStyle = '#fff';
      context.fillRect(0, 0, size, size);
      context.imageSmoothingQuality = 'high';
      context.drawImage(
        bitmap,
        Math.floor((bitmap.width - side) / 2),
        Math.floor((bitmap.height - side) / 2),
        side,
        side,
        0,
        0,
        size,
        size,
      );
      bitmap.close();
      return ok(withoutAlpha(context.getImageData(0, 0, size, size).data));
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
  const context = createContext(16);
  context.putImageData(new ImageData(withAlpha(rgb), 16, 16), 0, 0);
  const read = withoutAlpha(context.getImageData(0, 0, 16, 16).data);
  return read.every((value, i) => value === rgb[i]);
}

/** The built-in face of that seed and index, size x size pixels. */
export function paintPortrait(seed: number, index: number, size: number): Promise<ImageBitmap> {
  return createImageBitmap(new ImageData(withAlpha(drawFace(faceParameters(seed, index), size)), size, size));
}
