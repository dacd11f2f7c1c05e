import type { CanvasKit, Image } from 'canvaskit-wasm';
import { fail, ok } from '#lib/result.ts';
import type { ImageHeader } from '#sources/formats/image-header.ts';
import type { ImageDecoder } from '#sources/images.ts';
import { centreSquare, squareMean, strips } from '#sources/square-mean.ts';

/**
 * Decodes pictures with Skia in WebAssembly, as Chromium does with Skia and the same libraries underneath: turned as EXIF
 * says, colours to sRGB, on white. Opaque pictures come out as in Chromium, half transparent ones within a step of 255.
 */
export function skiaDecoder(kit: CanvasKit): ImageDecoder {
  return {
    remark: null,
    decode: (bytes, header, size) => {
      const image = isCutOff(bytes, header) ? null : kit.MakeImageFromEncoded(bytes);
      try {
        const pixels = image && squareOf(kit, image, size);
        const name = header.format.toUpperCase();
        return Promise.resolve(
          pixels
            ? ok(pixels)
            : fail('image-decode', `it cannot be decoded; the ${name} is damaged or of an unusual kind`),
        );
      } finally {
        image?.delete(); // its memory is not JavaScript's
      }
    },
  };
}

function squareOf(kit: CanvasKit, image: Image, size: number): Uint8Array | null {
  const { side, left, top } = centreSquare(image.width(), image.height());
  const mean = squareMean(side, size);
  for (const { first, count } of strips(side)) {
    const rgba = image.readPixels(left, top + first, {
      width: side,
      height: count,
      colorType: kit.ColorType.RGBA_8888,
      alphaType: kit.AlphaType.Premul,
      colorSpace: kit.ColorSpace.SRGB,
    });
    if (!(rgba instanceof Uint8Array)) return null;
    mean.add(onWhite(rgba), first, count);
  }
  return mean.pixels();
}

/** In place: premultiplied colours over white. */
function onWhite(rgba: Uint8Array): Uint8Array {
  for (let i = 0; i < rgba.length; i += 4) {
    const white = 255 - rgba[i + 3]!;
    if (white === 0) continue;
    for (let channel = i; channel < i + 3; channel++) rgba[channel]! += white;
  }
  return rgba;
}

/** Skia fills up a picture whose end is missing; Chromium refuses it. */
function isCutOff(bytes: Uint8Array, { format }: ImageHeader): boolean {
  switch (format) {
    case 'png':
      return lastMark(bytes, [[0x49, 0x45, 0x4e, 0x44]]) === null; // "IEND"
    case 'jpeg': // the end mark counts behind the header of the last scan
      return lastMark(bytes, [JPEG_END, JPEG_SCAN]) !== JPEG_END;
    case 'webp':
      return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) + 8 > bytes.length;
    case 'bmp':
      return false;
    default:
      return format satisfies never;
  }
}
const JPEG_END: readonly number[] = [0xff, 0xd9];
const JPEG_SCAN: readonly number[] = [0xff, 0xda];

/** Which of the marks stands last in the bytes; null where none does. */
function lastMark(bytes: Uint8Array, marks: readonly (readonly number[])[]): readonly number[] | null {
  for (let at = bytes.length - 1; at >= 0; at--) {
    const mark = marks.find((candidate) => candidate.every((byte, i) => bytes[at + i] === byte));
    if (mark) return mark;
  }
  return null;
}
