import { heightOf, imageAt, pixelOf, rowOf, storedOf, widthOf } from './batch-tensor';
import { addProduct, put, tilesOf } from './batch-winograd';
import { fma } from './simd';
import { multiply, planeBytes } from './winograd-tiles';

/**
 * 3x3 convolutions of stride 2 by Winograd. Along an axis y_i = w0 x_2i + w2 x_2i+2 + w1 x_2i+1: a convolution of two taps of the
 * even pixels, by F(4, 2) with the points 0, 1, -1, 2, infinity, and a product with the odd ones. So 4 outputs cost 5 + 4
 * multiplications instead of 12, and a tile of 4x4 costs 81 instead of 144. The 9 x 9 planes share 6 x 6 transformed kernels:
 * those of the odd pixels have all the same. Arguments as in batch-winograd.ts.
 */
const SIDE: usize = 9;
const ROW: usize = SIDE * 16;
const between = memory.data(81 * 16, 16);

/** The transformed kernel of a plane. */
// @ts-ignore: decorator
@inline
function kernelOf(plane: usize): usize {
  return min<usize>(plane / SIDE, 5) * 6 + min<usize>(plane % SIDE, 5);
}

export function batchWinogradStrided(
  x: usize, y: usize, first: i32, count: i32, top: i32, left: i32, packed: usize, bias: usize, relu: i32,
  block: i32, scratch: usize,
): void {
  const inBytes = <usize>storedOf(x) << 2, outBytes = <usize>storedOf(y) << 2, kernel = inBytes * outBytes >> 2;
  const vPlane = planeBytes(block, inBytes), mPlane = planeBytes(block, outBytes), m = scratch + vPlane * 81;
  const total = count * tilesOf(y), across = (widthOf(y) + 3) >> 2, tiles = tilesOf(y), row = rowOf(y), pixel = pixelOf(y);
  const floor = relu ? f32x4.splat(0) : f32x4.splat(-Infinity);
  for (let start = 0; start < total; start += block) {
    const some = min(block, total - start);
    inputTiles(x, y, first, top, left, start, some, scratch, vPlane);
    multiplyPlanes(scratch, vPlane, packed, kernel, m, mPlane, some, inBytes, outBytes);
    let from = m;
    for (let n = start; n < start + some; n++) {
      const ty = n % tiles / across, tx = n % tiles % across;
      const corner = imageAt(y, first + n / tiles) + <usize>(ty << 2) * row + <usize>(tx << 2) * pixel;
      const rows = min(4, heightOf(y) - (ty << 2)), columns = min(4, widthOf(y) - (tx << 2));
      for (let c: usize = 0; c < outBytes; c += 16, from += 16) {
        for (let j: usize = 0, p = from; j < ROW; j += 16, p += mPlane) outputColumn(p, mPlane * SIDE, between + j, ROW, f32x4.splat(0));
        const b = v128.load(bias + c);
        let to = corner + c;
        for (let r = 0, i: usize = between; r < rows; r++, to += row, i += ROW) {
          outputColumn(i, 16, i, 16, b);
          put(to, v128.load(i), floor, 0);
          if (columns > 1) put(to + pixel, v128.load(i, 16), floor, 0);
          if (columns > 2) put(to + pixel * 2, v128.load(i, 32), floor, 0);
          if (columns > 3) put(to + pixel * 3, v128.load(i, 48), floor, 0);
        }
      }
    }
  }
}

/**
 * The gradient of the input, dx = or with `add` += d * turned kernel. Tiles are 8x8 pixels of dx from (-top, -left) on, and
 * read 5x5 pixels of d from one pixel before the tile's place on. packed: the turned kernels.
 */
export function batchWinogradStridedTurned(
  d: usize, dx: usize, first: i32, count: i32, top: i32, left: i32, packed: usize, add: i32, block: i32, scratch: usize,
): void {
  const inBytes = <usize>storedOf(d) << 2, outBytes = <usize>storedOf(dx) << 2, kernel = inBytes * outBytes >> 2;
  const vPlane = planeBytes(block, inBytes), mPlane = planeBytes(block, outBytes), m = scratch + vPlane * 81;
  const height = heightOf(dx), width = widthOf(dx), across = (width + left + 7) >> 3, tiles = ((height + top + 7) >> 3) * across;
  const total = count * tiles, row = rowOf(d), pixel = pixelOf(d), floor = f32x4.splat(-Infinity);
  for (let start = 0; start < total; start += block) {
    const some = min(block, total - start);
    let to = scratch;
    for (let n = start; n < start + some; n++) {
      const ty = n % tiles / across, tx = n % tiles % across;
      let from = imageAt(d, first + n / tiles) + <usize>((ty << 2) - 1) * row + <usize>((tx << 2) - 1) * pixel;
      for (const end = to + inBytes; to < end; to += 16, from += 16) {
        for (let j: usize = 0, p = from; j < 80; j += 16, p += pixel)
          turnedColumn(v128.load(p), v128.load(p + row), v128.load(p + row * 2), v128.load(p + row * 3), v128.load(p + row * 4), between + j, ROW);
        for (let i: usize = between, t = to; i < between + ROW * SIDE; i += ROW, t += vPlane * SIDE)
          turnedColumn(v128.load(i), v128.load(i, 16), v128.load(i, 32), v128.load(i, 48), v128.load(i, 64), t, vPlane);
      }
    }
    multiplyPlanes(scratch, vPlane, packed, kernel, m, mPlane, some, inBytes, outBytes);
    let from = m;
    for (let n = start; n < start + some; n++) {
      const y = (n % tiles / across << 3) - top, x = (n % tiles % across << 3) - left, image = imageAt(dx, first + n / tiles);
      for (let c: usize = 0; c < outBytes; c += 16, from += 16) {
        // a column of nine gives 4 even rows, in the places of its first four, and 4 odd ones, which need no transform
        for (let j: usize = 0, p = from; j < ROW; j += 16, p += mPlane) {
          evenColumn(p, mPlane * SIDE, between + j, ROW);
          for (let i: usize = 5; i < SIDE; i++) v128.store(between + j + i * ROW, v128.load(p + i * SIDE * mPlane));
        }
        for (let r = max(0, -y); r < min(8, height - y); r++) {
          const at = between + <usize>(r & 1 ? 5 + (r >> 1) : r >> 1) * ROW;
          evenColumn(at, 16, at, 16);
          const to = image + <usize>(y + r) * rowOf(dx) + c;
          for (let s = max(0, -x); s < min(8, width - x); s++)
            put(to + <usize>(x + s) * pixelOf(dx), v128.load(at + <usize>((s & 1 ? 5 : 0) + (s >> 1) << 4)), floor, add);
        }
      }
    }
  }
}

/** The kernel gradient: du [36][stored in][stored out] += V^T N. */
export function batchWinogradStridedGradient(
  x: usize, d: usize, first: i32, count: i32, top: i32, left: i32, du: usize, block: i32, scratch: usize,
): void {
  const inBytes = <usize>storedOf(x) << 2, outBytes = <usize>storedOf(d) << 2, kernel = inBytes * outBytes >> 2;
  const vPlane = planeBytes(block, inBytes), nPlane = planeBytes(block, outBytes), planes = scratch + vPlane * 81;
  const total = count * tilesOf(d), across = (widthOf(d) + 3) >> 2, tiles = tilesOf(d), row = rowOf(d), pixel = pixelOf(d);
  for (let start = 0; start < total; start += block) {
    const some = min(block, total - start);
    inputTiles(x, d, first, top, left, start, some, scratch, vPlane);
    let to = planes;
    for (let n = start; n < start + some; n++) {
      const ty = n % tiles / across, tx = n % tiles % across;
      let from = imageAt(d, first + n / tiles) + <usize>(ty << 2) * row + <usize>(tx << 2) * pixel;
      for (const end = to + outBytes; to < end; to += 16, from += 16) {
        for (let j: usize = 0, p = from; j < 64; j += 16, p += pixel)
          gradientColumn(v128.load(p), v128.load(p + row), v128.load(p + row * 2), v128.load(p + row * 3), between + j, ROW);
        for (let i: usize = between, t = to; i < between + ROW * SIDE; i += ROW, t += nPlane * SIDE)
          gradientColumn(v128.load(i), v128.load(i, 16), v128.load(i, 32), v128.load(i, 48), t, nPlane);
      }
    }
    for (let t: usize = 0; t < 81; t++)
      addProduct(scratch + t * vPlane, planes + t * nPlane, du + kernelOf(t) * kernel, some, inBytes, outBytes);
  }
}

function multiplyPlanes(
  v: usize, vPlane: usize, packed: usize, kernel: usize, m: usize, mPlane: usize, some: i32, inBytes: usize, outBytes: usize,
): void {
  const rows = (some + 3) & ~3;
  for (let t: usize = 0; t < 81; t++) {
    if (rows != some) memory.fill(v + t * vPlane + <usize>some * inBytes, 0, <usize>(rows - some) * inBytes);
    multiply(v + t * vPlane, packed + kernelOf(t) * kernel, m + t * mPlane, rows, inBytes, outBytes);
  }
}

/** Patches of 9x9 pixels of x to the planes, for tiles of 4x4 of y. */
function inputTiles(x: usize, y: usize, first: i32, top: i32, left: i32, start: i32, some: i32, to: usize, plane: usize): void {
  const row = rowOf(x), pixel = pixelOf(x), bytes = <usize>storedOf(x) << 2, corner = <usize>top * row + <usize>left * pixel;
  const across = (widthOf(y) + 3) >> 2, tiles = tilesOf(y);
  for (let n = start; n < start + some; n++) {
    const ty = n % tiles / across, tx = n % tiles % across;
    let from = imageAt(x, first + n / tiles) - corner + <usize>(ty << 3) * row + <usize>(tx << 3) * pixel;
    for (const end = to + bytes; to < end; to += 16, from += 16) {
      for (let j: usize = 0, p = from; j < ROW; j += 16, p += pixel) inputColumn(p, row, between + j, ROW);
      for (let i: usize = between, t = to; i < between + ROW * SIDE; i += ROW, t += plane * SIDE) inputColumn(i, 16, t, plane);
    }
  }
}

// @ts-ignore: decorator
@inline
function inputColumn(from: usize, step: usize, to: usize, next: usize): void {
  evenInputs(v128.load(from), v128.load(from + step * 2), v128.load(from + step * 4), v128.load(from + step * 6), v128.load(from + step * 8), to, next);
  v128.store(to + next * 5, v128.load(from + step));
  v128.store(to + next * 6, v128.load(from + step * 3));
  v128.store(to + next * 7, v128.load(from + step * 5));
  v128.store(to + next * 8, v128.load(from + step * 7));
}

// @ts-ignore: decorator
@inline
function turnedColumn(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, to: usize, next: usize): void {
  evenInputs(d0, d1, d2, d3, d4, to, next);
  v128.store(to + next * 5, d1);
  v128.store(to + next * 6, d2);
  v128.store(to + next * 7, d3);
  v128.store(to + next * 8, d4);
}

/** B^T of F(4, 2). */
// @ts-ignore: decorator
@inline
function evenInputs(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, to: usize, next: usize): void {
  const two = f32x4.splat(2), less2 = f32x4.splat(-2), less3 = f32x4.splat(-3), u = f32x4.sub(d3, d1);
  v128.store(to, fma(two, f32x4.sub(d0, d2), u));
  v128.store(to + next, fma(less2, d1, f32x4.sub(d3, d2)));
  v128.store(to + next * 2, fma(two, d1, fma(less3, d2, d3)));
  v128.store(to + next * 3, u);
  v128.store(to + next * 4, fma(less2, u, f32x4.sub(d4, d2)));
}

/** A^T of F(4, 2): five to four. */
// @ts-ignore: decorator
@inline
function evenColumn(from: usize, step: usize, to: usize, next: usize): void {
  const m1 = v128.load(from + step), m2 = v128.load(from + step * 2), m3 = v128.load(from + step * 3);
  const s = f32x4.add(m1, m2), e = f32x4.sub(m1, m2), m0 = v128.load(from), m4 = v128.load(from + step * 4);
  v128.store(to, f32x4.add(m0, f32x4.add(s, m3)));
  v128.store(to + next, fma(f32x4.splat(2), m3, e));
  v128.store(to + next * 2, fma(f32x4.splat(4), m3, s));
  v128.store(to + next * 3, fma(f32x4.splat(8), m3, f32x4.add(e, m4)));
}

/** Nine to four: the even pixels' part, the odd ones', and b. */
// @ts-ignore: decorator
@inline
function outputColumn(from: usize, step: usize, to: usize, next: usize, b: v128): void {
  const m1 = v128.load(from + step), m2 = v128.load(from + step * 2), m3 = v128.load(from + step * 3);
  const s = f32x4.add(f32x4.add(m1, m2), b), e = f32x4.add(f32x4.sub(m1, m2), b), m0 = v128.load(from), m4 = v128.load(from + step * 4);
  const o0 = v128.load(from + step * 5), o1 = v128.load(from + step * 6), o2 = v128.load(from + step * 7), o3 = v128.load(from + step * 8);
  v128.store(to, f32x4.add(f32x4.add(m0, o0), f32x4.add(s, m3)));
  v128.store(to + next, fma(f32x4.splat(2), m3, f32x4.add(e, o1)));
  v128.store(to + next * 2, fma(f32x4.splat(4), m3, f32x4.add(s, o2)));
  v128.store(to + next * 3, fma(f32x4.splat(8), m3, f32x4.add(f32x4.add(e, o3), m4)));
}

/** Four to nine: A of F(4, 2), and the four themselves for the odd pixels. */
// @ts-ignore: decorator
@inline
function gradientColumn(y0: v128, y1: v128, y2: v128, y3: v128, to: usize, next: usize): void {
  const even = f32x4.add(y0, y2), odd = f32x4.add(y1, y3), two = f32x4.splat(2), four = f32x4.splat(4);
  v128.store(to, y0);
  v128.store(to + next, f32x4.add(even, odd));
  v128.store(to + next * 2, f32x4.sub(even, odd));
  v128.store(to + next * 3, fma(two, fma(four, y3, y1), fma(four, y2, y0)));
  v128.store(to + next * 4, y3);
  v128.store(to + next * 5, y0);
  v128.store(to + next * 6, y1);
  v128.store(to + next * 7, y2);
  v128.store(to + next * 8, y3);
}
