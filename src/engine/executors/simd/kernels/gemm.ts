import { fma, splat } from './simd';

/**
 * Matrix products of the dense layers. The right-hand matrix lies in panels of 8 columns, [columns / 8][inner][8], so that
 * a tile of 6 rows x 8 columns stays in 12 registers. Inner loops advance one step at a time on purpose: V8 of Node 20
 * hoists the loads of an unrolled block above its multiply-adds and spills the accumulators.
 */

/** C [rows, 8 panels] = relu?(A [rows, inner] B + bias). Strides in bytes; bias 0 = none. */
export function gemmPanels(
  a: usize, aStride: usize, b: usize, c: usize, cStride: usize,
  rows: i32, panels: i32, inner: i32, bias: usize, relu: i32,
): void {
  const innerBytes = (<usize>inner) << 2, panelBytes = (<usize>inner) << 5;
  const zero = f32x4.splat(0);
  const floor = relu ? zero : f32x4.splat(-Infinity);
  for (let j = 0; j < panels; j++, b += panelBytes, c += 32) {
    let bias0 = zero, bias1 = zero;
    if (bias) {
      bias0 = v128.load(bias);
      bias1 = v128.load(bias, 16);
      bias += 32;
    }
    let row = 0, pa = a, pc = c;
    for (; row + 6 <= rows; row += 6) {
      let c00 = bias0, c01 = bias1, c10 = bias0, c11 = bias1, c20 = bias0, c21 = bias1;
      let c30 = bias0, c31 = bias1, c40 = bias0, c41 = bias1, c50 = bias0, c51 = bias1;
      let p = pa, q = b;
      const s2 = aStride << 1, s3 = aStride + s2, s4 = aStride << 2, s5 = s4 + aStride, end = p + innerBytes;
      while (p < end) {
        const b0 = v128.load(q), b1 = v128.load(q, 16);
        let x = splat(p);
        c00 = fma(x, b0, c00); c01 = fma(x, b1, c01);
        x = splat(p + aStride);
        c10 = fma(x, b0, c10); c11 = fma(x, b1, c11);
        x = splat(p + s2);
        c20 = fma(x, b0, c20); c21 = fma(x, b1, c21);
        x = splat(p + s3);
        c30 = fma(x, b0, c30); c31 = fma(x, b1, c31);
        x = splat(p + s4);
        c40 = fma(x, b0, c40); c41 = fma(x, b1, c41);
        x = splat(p + s5);
        c50 = fma(x, b0, c50); c51 = fma(x, b1, c51);
        p += 4; q += 32;
      }
      storeRow(pc, c00, c01, floor); pc += cStride;
      storeRow(pc, c10, c11, floor); pc += cStride;
      storeRow(pc, c20, c21, floor); pc += cStride;
      storeRow(pc, c30, c31, floor); pc += cStride;
      storeRow(pc, c40, c41, floor); pc += cStride;
      storeRow(pc, c50, c51, floor); pc += cStride;
      pa += aStride * 6;
    }
    for (; row + 4 <= rows; row += 4) {
      let c00 = bias0, c01 = bias1, c10 = bias0, c11 = bias1, c20 = bias0, c21 = bias1, c30 = bias0, c31 = bias1;
      let p = pa, q = b;
      const s2 = aStride << 1, s3 = aStride + s2, end = p + innerBytes;
      while (p < end) {
        const b0 = v128.load(q), b1 = v128.load(q, 16);
        let x = splat(p);
        c00 = fma(x, b0, c00); c01 = fma(x, b1, c01);
        x = splat(p + aStride);
        c10 = fma(x, b0, c10); c11 = fma(x, b1, c11);
        x = splat(p + s2);
        c20 = fma(x, b0, c20); c21 = fma(x, b1, c21);
        x = splat(p + s3);
        c30 = fma(x, b0, c30); c31 = fma(x, b1, c31);
        p += 4; q += 32;
      }
      storeRow(pc, c00, c01, floor); pc += cStride;
      storeRow(pc, c10, c11, floor); pc += cStride;
      storeRow(pc, c20, c21, floor); pc += cStride;
      storeRow(pc, c30, c31, floor); pc += cStride;
      pa += aStride << 2;
    }
    for (; row < rows; row++) {
      let c00 = bias0, c01 = bias1, p = pa, q = b;
      const end = p + innerBytes;
      while (p < end) {
        const x = splat(p);
        c00 = fma(x, v128.load(q), c00);
        c01 = fma(x, v128.load(q, 16), c01);
        p += 4; q += 32;
      }
      storeRow(pc, c00, c01, floor);
      pc += cStride; pa += aStride;
    }
  }
}

// @ts-ignore: decorator
@inline
function storeRow(to: usize, left: v128, right: v128, floor: v128): void {
  // pmax(a, b) = a < b ? b : a, so a NaN stays and is seen in the loss
  v128.store(to, f32x4.pmax(left, floor));
  v128.store(to, f32x4.pmax(right, floor), 16);
}

// @ts-ignore: decorator
@inline
function addTo(to: usize, left: v128, right: v128): void {
  v128.store(to, f32x4.add(v128.load(to), left));
  v128.store(to, f32x4.add(v128.load(to, 16), right), 16);
}

/** C [inner, 8 panels] += A [rows, inner]^T D [rows, 8 panels]: the gradient of a dense kernel. Strides in bytes. */
export function gemmTransposed(
  a: usize, aStride: usize, d: usize, dStride: usize, c: usize, cStride: usize, rows: i32, panels: i32, inner: i32,
): void {
  const zero = f32x4.splat(0);
  let k = 0;
  for (; k + 6 <= inner; k += 6)
    for (let j = 0; j < panels; j++) {
      let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero;
      let c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
      let p = a + ((<usize>k) << 2), q = d + ((<usize>j) << 5);
      for (let row = 0; row < rows; row++) {
        const b0 = v128.load(q), b1 = v128.load(q, 16);
        let x = splat(p);
        c00 = fma(x, b0, c00); c01 = fma(x, b1, c01);
        x = v128.load_splat<f32>(p, 4);
        c10 = fma(x, b0, c10); c11 = fma(x, b1, c11);
        x = v128.load_splat<f32>(p, 8);
        c20 = fma(x, b0, c20); c21 = fma(x, b1, c21);
        x = v128.load_splat<f32>(p, 12);
        c30 = fma(x, b0, c30); c31 = fma(x, b1, c31);
        x = v128.load_splat<f32>(p, 16);
        c40 = fma(x, b0, c40); c41 = fma(x, b1, c41);
        x = v128.load_splat<f32>(p, 20);
        c50 = fma(x, b0, c50); c51 = fma(x, b1, c51);
        p += aStride; q += dStride;
      }
      let to = c + <usize>k * cStride + ((<usize>j) << 5);
      addTo(to, c00, c01); to += cStride;
      addTo(to, c10, c11); to += cStride;
      addTo(to, c20, c21); to += cStride;
      addTo(to, c30, c31); to += cStride;
      addTo(to, c40, c41); to += cStride;
      addTo(to, c50, c51);
    }
  for (; k < inner; k++)
    for (let j = 0; j < panels; j++) {
      let c00 = zero, c01 = zero;
      let p = a + ((<usize>k) << 2), q = d + ((<usize>j) << 5);
      for (let row = 0; row < rows; row++) {
        const x = splat(p);
        c00 = fma(x, v128.load(q), c00);
        c01 = fma(x, v128.load(q, 16), c01);
        p += aStride; q += dStride;
      }
      addTo(c + <usize>k * cStride + ((<usize>j) << 5), c00, c01);
    }
}

/** sums [columns] += column sums of D [rows, columns]; columns a multiple of 8. Two chains hide the latency of the adds. */
export function columnSums(d: usize, dStride: usize, sums: usize, rows: i32, columns: i32): void {
  for (let j = 0; j < columns; j += 8, d += 32, sums += 32) {
    let left = f32x4.splat(0), right = left, p = d;
    for (let row = 0; row < rows; row++, p += dStride) {
      left = f32x4.add(left, v128.load(p));
      right = f32x4.add(right, v128.load(p, 16));
    }
    addTo(sums, left, right);
  }
}

/** d = 0 where y <= 0: the gradient of relu from its output. Columns a multiple of 4. */
export function reluGradient(d: usize, dStride: usize, y: usize, yStride: usize, rows: i32, columns: i32): void {
  const zero = f32x4.splat(0), bytes = (<usize>columns) << 2;
  for (let row = 0; row < rows; row++, d += dStride, y += yStride)
    for (let i: usize = 0; i < bytes; i += 16) v128.store(d + i, v128.and(v128.load(d + i), f32x4.gt(v128.load(y + i), zero)));
}
