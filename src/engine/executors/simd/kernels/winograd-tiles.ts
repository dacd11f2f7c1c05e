import { fma, splat } from './simd';

/**
 * Winograd F(4x4, 3x3) (Lavin & Gray 2016): a 4x4 tile of outputs of a 3x3 convolution of stride 1 costs 36
 * multiplications a channel pair instead of 144. Points 0, 1, -1, 2, -2, infinity. Here is what its users share: the
 * transforms of a column, the products of tiles in the transformed domain, and the packing of kernels.
 */

/** Six vectors of four by six: what lies between the two passes of a transform. */
export const between = memory.data(36 * 16, 16);
export const ROW: usize = 6 * 16;

/** Bytes of a plane of `tiles` x `bytes`: a power of two would put all 36 planes into one set of the cache. */
// @ts-ignore: decorator
@inline
export function planeBytes(tiles: i32, bytes: usize): usize {
  return <usize>tiles * bytes + 64;
}

/** B^T d B of one 6x6 patch for 4 channels, to 36 planes. Strides in bytes. */
// @ts-ignore: decorator
@inline
export function inputTile(from: usize, row: usize, pixel: usize, to: usize, plane: usize): void {
  for (let j: usize = 0, p = from; j < ROW; j += 16, p += pixel) {
    const d1 = v128.load(p + row), d2 = v128.load(p + row * 2), d3 = v128.load(p + row * 3), d4 = v128.load(p + row * 4);
    inputColumn(v128.load(p), d1, d2, d3, d4, v128.load(p + row * 5), between + j, ROW);
  }
  for (let i: usize = between, t = to; i < between + ROW * 6; i += ROW, t += plane * 6)
    inputColumn(v128.load(i), v128.load(i, 16), v128.load(i, 32), v128.load(i, 48), v128.load(i, 64), v128.load(i, 80), t, plane);
}

/** A^T m of one tile for 4 channels from 36 planes: the first of the two passes, 4 rows of six to `between`. */
// @ts-ignore: decorator
@inline
export function halfOutput(from: usize, plane: usize): void {
  const two = f32x4.splat(2), four = f32x4.splat(4), eight = f32x4.splat(8);
  for (let j: usize = 0, p = from; j < ROW; j += 16, p += plane) {
    const m1 = v128.load(p + plane * 6), m2 = v128.load(p + plane * 12), m3 = v128.load(p + plane * 18), m4 = v128.load(p + plane * 24);
    const s = f32x4.add(m1, m2), d = f32x4.sub(m1, m2), u = f32x4.add(m3, m4), e = f32x4.sub(m3, m4);
    v128.store(between + j, f32x4.add(v128.load(p), f32x4.add(s, u)));
    v128.store(between + j, fma(two, e, d), ROW);
    v128.store(between + j, fma(four, u, s), ROW * 2);
    v128.store(between + j, fma(eight, e, f32x4.add(d, v128.load(p + plane * 30))), ROW * 3);
  }
}

/** B^T of one column of six. */
// @ts-ignore: decorator
@inline
function inputColumn(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, to: usize, next: usize): void {
  const two = f32x4.splat(2), four = f32x4.splat(4), less4 = f32x4.splat(-4), less5 = f32x4.splat(-5);
  v128.store(to, fma(four, d0, fma(less5, d2, d4)));
  let even = fma(less4, d2, d4), odd = fma(less4, d1, d3);
  v128.store(to + next, f32x4.add(even, odd));
  v128.store(to + next * 2, f32x4.sub(even, odd));
  even = f32x4.sub(d4, d2);
  odd = f32x4.mul(two, f32x4.sub(d3, d1));
  v128.store(to + next * 3, f32x4.add(even, odd));
  v128.store(to + next * 4, f32x4.sub(even, odd));
  v128.store(to + next * 5, fma(four, d1, fma(less5, d3, d5)));
}

/** M [rows, out] = V [rows, in] U [in, out], 4 tiles x 8 channels in registers; rows a multiple of 4. */
export function multiply(v: usize, packed: usize, m: usize, rows: i32, inBytes: usize, outBytes: usize): void {
  const zero = f32x4.splat(0), s2 = inBytes << 1, s3 = s2 + inBytes, vEnd = v + <usize>rows * inBytes;
  for (let o: usize = 0; o < outBytes; o += 32, packed += inBytes << 3) {
    let to = m + o;
    for (let from = v; from < vEnd; from += inBytes << 2) {
      let a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero;
      let p = from, w = packed;
      const end = p + inBytes;
      while (p < end) {
        const w0 = v128.load(w), w1 = v128.load(w, 16);
        let s = splat(p);
        a0 = fma(s, w0, a0); a1 = fma(s, w1, a1);
        s = splat(p + inBytes);
        b0 = fma(s, w0, b0); b1 = fma(s, w1, b1);
        s = splat(p + s2);
        c0 = fma(s, w0, c0); c1 = fma(s, w1, c1);
        s = splat(p + s3);
        d0 = fma(s, w0, d0); d1 = fma(s, w1, d1);
        p += 4; w += 32;
      }
      v128.store(to, a0); v128.store(to, a1, 16); to += outBytes;
      v128.store(to, b0); v128.store(to, b1, 16); to += outBytes;
      v128.store(to, c0); v128.store(to, c1, 16); to += outBytes;
      v128.store(to, d0); v128.store(to, d1, 16); to += outBytes;
    }
  }
}

/**
 * Panels [columns][9][inner][8] of 3x3 kernels -> G g G^T as [36][columns][inner][8], for stride 1 or, as batch-winograd-strided.ts
 * needs them, 2.
 */
export function packWinogradTiles(panels: usize, packed: usize, columns: i32, inner: i32, stride: i32): void {
  const tap = <usize>inner << 5, plane = <usize>columns * tap;
  for (let j = 0; j < columns; j++, panels += tap * 8)
    for (const end = panels + tap; panels < end; panels += 16, packed += 16) {
      for (let x: usize = 0; x < 3; x++) kernelColumn(panels + x * tap, tap * 3, between + (x << 4), ROW, stride);
      for (let i: usize = 0; i < 6; i++) kernelColumn(between + i * ROW, 16, packed + i * plane * 6, plane, stride);
    }
}

/** G of one column of three. */
// @ts-ignore: decorator
@inline
function kernelColumn(g: usize, step: usize, to: usize, next: usize, stride: i32): void {
  const g0 = v128.load(g), g1 = v128.load(g + step), g2 = v128.load(g + step * 2);
  const sixth = f32x4.splat(<f32>(1.0 / 6)), half = f32x4.splat(0.5), quarter = f32x4.splat(0.25), two = f32x4.splat(2);
  if (stride == 2) {
    v128.store(to, f32x4.mul(half, g0));
    v128.store(to + next, f32x4.neg(f32x4.mul(half, f32x4.add(g0, g2))));
    v128.store(to + next * 2, f32x4.mul(sixth, f32x4.sub(g2, g0)));
    v128.store(to + next * 3, f32x4.mul(sixth, fma(two, g2, g0)));
    v128.store(to + next * 4, g2);
    v128.store(to + next * 5, g1);
    return;
  }
  v128.store(to, f32x4.mul(quarter, g0));
  let even = f32x4.mul(sixth, f32x4.add(g0, g2)), odd = f32x4.mul(sixth, g1);
  v128.store(to + next, f32x4.neg(f32x4.add(even, odd)));
  v128.store(to + next * 2, f32x4.sub(odd, even));
  even = f32x4.mul(sixth, fma(quarter, g0, g2));
  odd = f32x4.mul(half, odd);
  v128.store(to + next * 3, f32x4.add(even, odd));
  v128.store(to + next * 4, f32x4.sub(even, odd));
  v128.store(to + next * 5, g2);
}
