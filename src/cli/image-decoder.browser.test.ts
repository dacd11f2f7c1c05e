import startSkia from 'canvaskit-wasm';
import skiaWasm from 'canvaskit-wasm/bin/canvaskit.wasm?url';
import { beforeAll, describe, expect, it } from 'vitest';
import { readImageHeader } from '#sources/formats/image-header.ts';
import type { ImageDecoder } from '#sources/images.ts';
import { createCanvasDecoder } from '#sources/worker/canvas.ts';
import { skiaDecoder } from './image-decoder.ts';

// WebAssembly computes the same in Chromium as in Node: so both decoders can stand side by side here.
let node: ImageDecoder;
const app = createCanvasDecoder();
beforeAll(async () => {
  node = skiaDecoder(await startSkia({ locateFile: () => skiaWasm }));
});

/** Discs of many colours; `alpha` below 1 leaves the ground transparent. */
async function picture(type: string, quality: number, width: number, height: number, alpha: number) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  if (alpha === 1) context.fillRect(0, 0, width, height);
  for (let i = 0; i < 60; i++) {
    context.fillStyle = `hsla(${String((i * 47) % 360)}, 80%, ${String(20 + i)}%, ${String(alpha)})`;
    context.beginPath();
    context.ellipse(
      (i * 37) % width,
      (i * 53) % height,
      (width * (1 + (i % 5))) / 40,
      (height * (1 + (i % 7))) / 50,
      i,
      0,
      7,
    );
    context.fill();
  }
  const blob = await canvas.convertToBlob({ type, quality });
  expect(blob.type).toBe(type);
  return new Uint8Array(await blob.arrayBuffer());
}

/** The largest difference of any byte between what the app and the command line see of a picture. */
async function difference(bytes: Uint8Array, size: number): Promise<number> {
  const header = readImageHeader(bytes);
  if (!header.ok) throw new Error(header.problem.message);
  const [seen, read] = await Promise.all([app, node].map((decoder) => decoder.decode(bytes, header.value, size)));
  if (!seen?.ok || !read?.ok) throw new Error('A decoder refused the picture.');
  expect(read.value).toHaveLength(size * size * 3);
  expect(new Set(read.value).size).toBeGreaterThan(20);
  return read.value.reduce((most, value, i) => Math.max(most, Math.abs(value - seen.value[i]!)), 0);
}

describe('the decoder of the command line', () => {
  it.each([
    ['image/jpeg', 0.7],
    ['image/jpeg', 1],
    ['image/webp', 0.7],
    ['image/webp', 1],
    ['image/png', 1],
  ] as const)('gives the bytes that the app gets of %s at quality %d', async (type, quality) => {
    expect(await difference(await picture(type, quality, 97, 61, 1), 61)).toBe(0);
    expect(await difference(await picture(type, quality, 640, 480, 1), 32)).toBe(0);
    expect(await difference(await picture(type, quality, 20, 30, 1), 32)).toBe(0);
  });

  it.each(['image/webp', 'image/png'])('paints a half transparent %s on white, within one step', async (type) => {
    expect(await difference(await picture(type, 1, 90, 64, 0.4), 64)).toBeLessThanOrEqual(1);
  });

  it('turns a picture as its EXIF says', async () => {
    const jpeg = await picture('image/jpeg', 0.9, 64, 48, 1);
    // APP1 with one tag: orientation 6, a quarter turn.
    const exif = [0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8];
    const tag = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
    const turned = Uint8Array.from([...jpeg.subarray(0, 2), ...exif, ...tag, ...jpeg.subarray(2)]);
    expect(await difference(turned, 48)).toBe(0);
    const header = readImageHeader(jpeg);
    if (!header.ok) throw new Error(header.problem.message);
    const [plain, quarter] = await Promise.all([jpeg, turned].map((bytes) => node.decode(bytes, header.value, 48)));
    expect(plain).not.toEqual(quarter);
  });

  it('refuses what the app refuses: a picture that is cut off', async () => {
    for (const type of ['image/png', 'image/jpeg', 'image/webp']) {
      const bytes = (await picture(type, 1, 64, 64, 1)).slice(0, 1500);
      const header = readImageHeader(bytes);
      if (!header.ok) throw new Error(header.problem.message);
      const [seen, read] = await Promise.all([app, node].map((decoder) => decoder.decode(bytes, header.value, 32)));
      expect({ type, ok: read?.ok }).toEqual({ type, ok: seen?.ok });
    }
  });
});
