import { fail, ok, type Result } from '#lib/result.ts';

export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'bmp';
export interface ImageHeader {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
}

const MOST_PIXELS = 40_000_000;
const LONGEST_SIDE = 8192;
export const MIME: Readonly<Record<ImageFormat, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  bmp: 'image/bmp',
};

/**
 * Format and size of a picture by its first bytes, whatever its name says; decodes nothing. Refused: all but PNG, JPEG, WebP
 * and BMP, a header that is cut off, no pixels at all, a side beyond 8,192 or more than 40 million pixels.
 */
export function readImageHeader(bytes: Uint8Array): Result<ImageHeader> {
  if (bytes.length === 0) return fail('image-empty', 'the file is empty');
  const header = headerOf(bytes);
  if (header === 'unknown') return fail('image-format', 'it is not a PNG, JPEG, WebP or BMP picture');
  if (header === 'cut') return fail('image-cut', 'its header is cut off or damaged');
  const { width, height } = header;
  if (width === 0 || height === 0) return fail('image-empty', 'it has no pixels');
  if (width > LONGEST_SIDE || height > LONGEST_SIDE || width * height > MOST_PIXELS) {
    return fail(
      'image-large',
      `it has ${String(width)} x ${String(height)} pixels; at most 8192 a side and 40 million in all are read`,
    );
  }
  return ok(header);
}

function headerOf(bytes: Uint8Array): ImageHeader | 'unknown' | 'cut' {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return pngHeader(data);
    if (startsWith(bytes, [0xff, 0xd8, 0xff])) return jpegHeader(data);
    if (startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && data.getUint32(8) === 0x57454250) return webpHeader(data);
    if (startsWith(bytes, [0x42, 0x4d])) return bmpHeader(data);
    return 'unknown';
  } catch (error) {
    if (error instanceof RangeError) return 'cut'; // a read beyond the end
    throw error;
  }
}

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, i) => bytes[i] === byte);

function pngHeader(data: DataView): ImageHeader | 'cut' {
  if (data.getUint32(12) !== 0x49484452) return 'cut'; // IHDR has to come first
  return { format: 'png', width: data.getUint32(16), height: data.getUint32(20) };
}

function jpegHeader(data: DataView): ImageHeader | 'cut' {
  let at = 2;
  for (;;) {
    if (data.getUint8(at) !== 0xff) return 'cut';
    const marker = data.getUint8(at + 1);
    if (marker === 0xff)
      at += 1; // fill
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (marker === 0xd9 || marker === 0xda)
      return 'cut'; // the picture begins without a frame header
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { format: 'jpeg', width: data.getUint16(at + 7), height: data.getUint16(at + 5) };
    } else {
      const length = data.getUint16(at + 2);
      if (length < 2) return 'cut';
      at += 2 + length;
    }
  }
}

function webpHeader(data: DataView): ImageHeader | 'cut' {
  const format = 'webp';
  switch (data.getUint32(12)) {
    case 0x56503820: // "VP8 "
      if (data.getUint8(23) !== 0x9d || data.getUint8(24) !== 0x01 || data.getUint8(25) !== 0x2a) return 'cut';
      return { format, width: data.getUint16(26, true) & 0x3fff, height: data.getUint16(28, true) & 0x3fff };
    case 0x5650384c: {
      // "VP8L"
      if (data.getUint8(20) !== 0x2f) return 'cut';
      const bits = data.getUint32(21, true);
      return { format, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 0x56503858: {
      // "VP8X"
      const three = (at: number): number => data.getUint16(at, true) + data.getUint8(at + 2) * 0x10000;
      return { format, width: three(24) + 1, height: three(27) + 1 };
    }
    default:
      return 'cut';
  }
}

function bmpHeader(data: DataView): ImageHeader | 'cut' {
  const size = data.getUint32(14, true);
  if (size === 12) return { format: 'bmp', width: data.getUint16(18, true), height: data.getUint16(20, true) };
  if (size < 40 || size > 124) return 'cut';
  return { format: 'bmp', width: Math.abs(data.getInt32(18, true)), height: Math.abs(data.getInt32(22, true)) };
}
