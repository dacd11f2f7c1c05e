import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIdx } from './idx.ts';
import { readImageHeader } from './image-header.ts';

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...part].map((char) => char.charCodeAt(0)) : part)),
  );
const u32 = (value: number): readonly number[] => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
];
const le32 = (value: number): readonly number[] => [...u32(value)].reverse();
const png = (width: number, height: number): Uint8Array =>
  bytes([0x89], 'PNG\r\n\u001a\n', u32(13), 'IHDR', u32(width), u32(height), [8, 2, 0, 0, 0]);
const jpeg = (width: number, height: number): Uint8Array =>
  bytes([
    0xff,
    0xd8,
    0xff,
    0xe0,
    0,
    4,
    1,
    2,
    0xff,
    0xff,
    0xc2,
    0,
    11,
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    3,
  ]);
const outcome = (input: Uint8Array): unknown => {
  const read = readImageHeader(input);
  return read.ok ? [read.value.format, read.value.width, read.value.height] : read.problem.code;
};

describe('an image header', () => {
  it('is read from PNG, JPEG, all kinds of WebP and BMP', () => {
    expect(outcome(png(640, 480))).toEqual(['png', 640, 480]);
    expect(outcome(jpeg(300, 200))).toEqual(['jpeg', 300, 200]);
    const riff = (chunk: string, ...rest: (readonly number[])[]): Uint8Array =>
      bytes('RIFF', u32(0), 'WEBP', chunk, u32(0), ...rest);
    expect(outcome(riff('VP8 ', [0, 0, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xf0, 0]))).toEqual(['webp', 320, 240]);
    expect(outcome(riff('VP8L', [0x2f], le32(319 | (239 << 14))))).toEqual(['webp', 320, 240]);
    expect(outcome(riff('VP8X', [0, 0, 0, 0], [63, 1, 0], [239, 0, 0]))).toEqual(['webp', 320, 240]);
    expect(outcome(bytes('BM', new Array<number>(12).fill(0), le32(40), le32(7), le32(-9)))).toEqual(['bmp', 7, 9]);
  });
  it('refuses what only pretends to be a picture', () => {
    for (const text of [
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      '<!doctype html>',
      'GIF89a......',
      '%PDF-1.4',
      'B',
      'PK\u0003\u0004',
    ]) {
      expect(outcome(bytes(text))).toBe('image-format');
    }
    expect(outcome(new Uint8Array(0))).toBe('image-empty');
  });
  it('refuses sizes that would not fit before anything is decoded', () => {
    expect(
      [png(100_000, 100_000), png(16_384, 16_384), png(1, 100_000), png(8192, 8192), png(0, 5)].map(outcome),
    ).toEqual(['image-large', 'image-large', 'image-large', 'image-large', 'image-empty']);
    expect(outcome(png(1, 1))).toEqual(['png', 1, 1]);
    expect(outcome(png(8000, 5000))).toEqual(['png', 8000, 5000]);
  });
  it('says cut for every header that ends too early, and never throws', () => {
    for (let length = 8; length < 24; length++) expect(outcome(png(10, 10).subarray(0, length))).toBe('image-cut');
    for (let length = 3; length < 18; length++) expect(outcome(jpeg(10, 10).subarray(0, length))).toBe('image-cut');
    expect(outcome(jpeg(10, 10).subarray(0, 18))).toEqual(['jpeg', 10, 10]);
    expect(outcome(bytes([0xff, 0xd8, 0xff, 0xe0, 0, 0]))).toBe('image-cut');
    fc.assert(
      fc.property(
        fc.constantFrom(png(1, 1), jpeg(1, 1), bytes('RIFFxxxxWEBPVP8 '), bytes('BM')),
        fc.uint8Array({ maxLength: 60 }),
        (start, rest) => {
          expect(() => readImageHeader(Uint8Array.from([...start.subarray(0, 12), ...rest]))).not.toThrow();
        },
      ),
    );
  });
});

describe('an idx file', () => {
  it('is read as its shape and bytes', () => {
    const read = parseIdx(bytes([0, 0, 8, 2], u32(2), u32(3), [1, 2, 3, 4, 5, 6]), 'x');
    expect(read).toMatchObject({ ok: true, value: { shape: [2, 3] } });
    expect(read.ok && [...read.value.data]).toEqual([1, 2, 3, 4, 5, 6]);
  });
  it('is refused when it is not one, not of bytes, or not of the length it declares', () => {
    const problem = (input: Uint8Array): string => {
      const read = parseIdx(input, 'x.idx');
      return read.ok ? 'read' : read.problem.message;
    };
    expect(problem(bytes('hello'))).toContain('not an idx file');
    expect(problem(bytes([0, 0, 8, 3], u32(1)))).toContain('not an idx file');
    expect(problem(bytes([0, 0, 0x0d, 1], u32(1), u32(1)))).toContain('unsigned bytes');
    expect(problem(bytes([0, 0, 8, 2], u32(0xffffffff), u32(0xffffffff), [1]))).toContain('found 1');
  });
});
