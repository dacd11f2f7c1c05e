import { heightOf, imageAt, pixelOf, rowOf, storedOf, widthOf } from './batch-tensor';
import { fma, splat } from './simd';
import { between, halfOutput, inputTile, multiply, planeBytes, ROW } from './winograd-tiles';

/**
 * Convolutions of the whole batch by Winograd F(4x4, 3x3). Tiles at the right and lower edge may reach over it: the border of
 * the input must hold zeros there, and outputs beyond the edge are dropped.
 */

/**
 * Convolution of images [first, first + count): y = relu?(x * kernel + bias), or y += that with `add`. Output (0, 0) reads
 * from input pixel (-top, -left) on. packed: [36][stored out / 8][stored in][8]. block: tiles that are multiplied together,
 * a multiple of 4. scratch: 36 planes of the inputs, then of the outputs. Stored channels are multiples of 8 on both sides.
 */
export function batchWinograd(
  x: usize, y: usize, first: i32, count: i32, top: i32, left: i32, packed: usize, bias: usize, relu: i32, add: i32,
  block: i32, scratch: usize,
): void {
  const inBytes = <usize>storedOf(x) << 2, outBytes = <usize>storedOf(y) << 2;
  const vPlane = planeBytes(block, inBytes), mPlane = planeBytes(block, outBytes), m = scratch + vPlane * 36;
  const total = count * tilesOf(y);
  for (let start = 0; start < total; start += block) {
    const some = min(block, total - start), rows = (some + 3) & ~3;
    if (rows != some)
      for (let t: usize = 0; t < 36; t++)
        memory.fill(scratch + t * vPlane + <usize>some * inBytes, 0, <usize>(rows - some) * inBytes);
    inputTiles(x, y, first, top, left, start, some, scratch, vPlane);
    for (let t: usize = 0; t < 36; t++)
      multiply(scratch + t * vPlane, packed + t * (inBytes * outBytes >> 2), m + t * mPlane, rows, inBytes, outBytes);
    outputTiles(y, first, start, some, m, mPlane, bias, relu, add);
  }
}

/** Tiles of one image of the output. */
// @ts-ignore: decorator
@inline
export function tilesOf(y: usize): i32 {
  return ((heightOf(y) + 3) >> 2) * ((widthOf(y) + 3) >> 2);
}

/** B^T d B of `some` tiles from number `start` on: tiles of output y, patches of 6x6 of x, to planes [36][tile, stored]. */
export function inputTiles(
  x: usize, y: usize, first: i32, top: i32, left: i32, start: i32, some: i32, to: usize, plane: usize,
): void {
  const row = rowOf(x), pixel = pixelOf(x), bytes = <usize>storedOf(x) << 2, corner = <usize>top * row + <usize>left * pixel;
  const across = (widthOf(y) + 3) >> 2, tiles = tilesOf(y);
  let image = first + start / tiles, tx = start % tiles, ty = tx / across;
  tx -= ty * across;
  for (let n = 0; n < some; n++) {
    let from = imageAt(x, image) - corner + <usize>(ty << 2) * row + <usize>(tx << 2) * pixel;
    for (const end = to + bytes; to < end; to += 16, from += 16) inputTile(from, row, pixel, to, plane);
    if (++tx == across) {
      tx = 0;
      if (++ty * across == tiles) {
        ty = 0;
        image++;
      }
    }
  }
}

/** C [in, out] += V [rows, in]^T N [rows, out], 4 x 8 in registers. */
export function addProduct(v: usize, n: usize, c: usize, rows: i32, inBytes: usize, outBytes: usize): void {
  const nBytes = <usize>rows * outBytes;
  for (let k: usize = 0; k < inBytes; k += 16, c += outBytes << 2)
    for (let o: usize = 0; o < outBytes; o += 32) {
      const to = c + o, to1 = to + outBytes, to2 = to1 + outBytes, to3 = to2 + outBytes;
      let a0 = v128.load(to), a1 = v128.load(to, 16), b0 = v128.load(to1), b1 = v128.load(to1, 16);
      let c0 = v128.load(to2), c1 = v128.load(to2, 16), d0 = v128.load(to3), d1 = v128.load(to3, 16);
      let p = v + k, q = n + o;
      const end = q + nBytes;
      while (q < end) {
        const g0 = v128.load(q), g1 = v128.load(q, 16);
        let s = splat(p);
        a0 = fma(s, g0, a0); a1 = fma(s, g1, a1);
        s = v128.load_splat<f32>(p, 4);
        b0 = fma(s, g0, b0); b1 = fma(s, g1, b1);
        s = v128.load_splat<f32>(p, 8);
        c0 = fma(s, g0, c0); c1 = fma(s, g1, c1);
        s = v128.load_splat<f32>(p, 12);
        d0 = fma(s, g0, d0); d1 = fma(s, g1, d1);
        p += inBytes; q += outBytes;
      }
      v128.store(to, a0); v128.store(to, a1, 16); v128.store(to1, b0); v128.store(to1, b1, 16);
      v128.store(to2, c0); v128.store(to2, c1, 16); v128.store(to3, d0); v128.store(to3, d1, 16);
    }
}

/** A^T m A of the tiles, with bias and relu, to their places in y. */
function outputTiles(
  y: usize, first: i32, start: i32, some: i32, from: usize, plane: usize, bias: usize, relu: i32, add: i32,
): void {
  const row = rowOf(y), pixel = pixelOf(y), bytes = <usize>storedOf(y) << 2, height = heightOf(y), width = widthOf(y);
  const across = (width + 3) >> 2, tiles = tilesOf(y), floor = relu ? f32x4.splat(0) : f32x4.splat(-Infinity);
  const two = f32x4.splat(2), four = f32x4.splat(4), eight = f32x4.splat(8);
  let image = first + start / tiles, tx = start % tiles, ty = tx / across;
  tx -= ty * across;
  for (let n = 0; n < some; n++) {
    const corner = imageAt(y, image) + <usize>(ty << 2) * row + <usize>(tx << 2) * pixel;
    const rows = min(4, height - (ty << 2)), columns = min(4, width - (tx << 2));
    for (let c: usize = 0; c < bytes; c += 16, from += 16) {
      halfOutput(from, plane);
      const b = v128.load(bias + c);
      let to = corner + c, i: usize = between;
      for (let r = 0; r < rows; r++, to += row, i += ROW) {
        const m1 = v128.load(i, 16), m2 = v128.load(i, 32), m3 = v128.load(i, 48), m4 = v128.load(i, 64);
        const s = f32x4.add(f32x4.add(m1, m2), b), d = f32x4.add(f32x4.sub(m1, m2), b), u = f32x4.add(m3, m4), e = f32x4.sub(m3, m4);
        put(to, f32x4.add(v128.load(i), f32x4.add(s, u)), floor, add);
        if (columns > 1) put(to + pixel, fma(two, e, d), floor, add);
        if (columns > 2) put(to + pixel * 2, fma(four, u, s), floor, add);
        if (columns > 3) put(to + pixel * 3, fma(eight, e, f32x4.add(d, v128.load(i, 80))), floor, add);
      }
    }
    if (++tx == across) {
      tx = 0;
      if (++ty * across == tiles) {
        ty = 0;
        image++;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
export function put(to: usize, value: v128, floor: v128, add: i32): void {
  if (add) value = f32x4.add(value, v128.load(to));
  v128.store(to, f32x4.pmax(value, floor)); // a NaN stays
}
