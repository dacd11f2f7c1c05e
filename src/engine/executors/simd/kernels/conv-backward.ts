import { fma } from './simd';

/**
 * Gradients of a convolution from a list of its outputs that have one. For each output channel the list holds (byte offset
 * of the patch in the bordered input image, gradient); then kernel gradient += g patch and input gradient at the patch
 * += g kernel, with up to 12 vectors of a kernel row in registers. Behind a 2x2 pool the list has at most a quarter of
 * the outputs; without a pool it has those that relu left on. Exact either way.
 */

/** The list of one channel from stored winners (-1 = relu off). Branch-free: a dropped entry is overwritten. Returns its end. */
export function listWinners(winners: usize, gradient: usize, row: usize, pixel: usize, height: i32, width: i32, list: usize): usize {
  for (let y = 0; y < height; y++, gradient += row) {
    let g = gradient;
    for (let x = 0; x < width; x++, winners += pixel, g += pixel) {
      const offset = load<i32>(winners);
      store<i32>(list, offset);
      store<i32>(list, load<i32>(g), 4);
      list += <usize>(~offset >>> 31) << 3;
    }
  }
  return list;
}

/** The list of one channel of a convolution without a pool: gradient not 0 and, under relu, output > 0. */
export function listOutputs(
  output: usize, gradient: usize, row: usize, pixel: usize, height: i32, width: i32, relu: i32, down: usize, right: usize, list: usize,
): usize {
  for (let y = 0; y < height; y++, gradient += row, output += row) {
    let g = gradient, o = output, offset = <usize>y * down;
    for (let x = 0; x < width; x++, g += pixel, o += pixel, offset += right) {
      const value = load<f32>(g);
      store<i32>(list, <i32>offset);
      store<f32>(list, value, 4);
      const off = i32(relu != 0) & i32(load<f32>(o) <= 0);
      list += <usize>(i32(value != 0) & ~off) << 3;
    }
  }
  return list;
}

/** The sum of a list's gradients: a channel's bias gradient. Two chains hide the latency of the adds. */
export function sumList(list: usize, end: usize): f32 {
  let even: f32 = 0, odd: f32 = 0;
  for (; list + 8 < end; list += 16) {
    even += load<f32>(list, 4);
    odd += load<f32>(list, 12);
  }
  if (list < end) even += load<f32>(list, 4);
  return even + odd;
}

/** Kernel gradient of one output channel, rows [ky] of `rowBytes` (a multiple of 16), added to what is there. */
export function kernelGradient(input: usize, inRow: usize, kernel: i32, list: usize, end: usize, rows: usize, rowBytes: usize): void {
  if (kernel == 3 && rowBytes == 48) return threeRows(input, inRow, list, end, rows);
  for (let ky = 0; ky < kernel; ky++, input += inRow, rows += rowBytes) {
    let v: usize = 0;
    for (; v + 192 <= rowBytes; v += 192) kernel12(input + v, list, end, rows + v);
    for (; v + 48 <= rowBytes; v += 48) kernel3(input + v, list, end, rows + v);
    for (; v < rowBytes; v += 16) kernel1(input + v, list, end, rows + v);
  }
}

/** Input gradient: for every entry, image at the patch += g kernel. Writes into the border too, which nobody reads. */
export function inputGradient(image: usize, row: usize, kernel: i32, list: usize, end: usize, rows: usize, rowBytes: usize): void {
  for (let ky = 0; ky < kernel; ky++, image += row, rows += rowBytes) {
    let v: usize = 0;
    for (; v + 192 <= rowBytes; v += 192) input12(image + v, list, end, rows + v);
    for (; v + 48 <= rowBytes; v += 48) input3(image + v, list, end, rows + v);
    for (; v < rowBytes; v += 16) input1(image + v, list, end, rows + v);
  }
}

/** A whole 3x3 kernel of 3 vectors a row (3 or 4 input channels): all 9 in registers. */
// @ts-ignore: decorator
@inline
function threeRows(x: usize, row: usize, list: usize, end: usize, to: usize): void {
  let a0 = v128.load(to), a1 = v128.load(to, 16), a2 = v128.load(to, 32);
  let b0 = v128.load(to, 48), b1 = v128.load(to, 64), b2 = v128.load(to, 80);
  let c0 = v128.load(to, 96), c1 = v128.load(to, 112), c2 = v128.load(to, 128);
  for (let l = list; l < end; l += 8) {
    const g = v128.load_splat<f32>(l, 4);
    let p = x + <usize>load<u32>(l);
    a0 = fma(g, v128.load(p), a0); a1 = fma(g, v128.load(p, 16), a1); a2 = fma(g, v128.load(p, 32), a2);
    p += row;
    b0 = fma(g, v128.load(p), b0); b1 = fma(g, v128.load(p, 16), b1); b2 = fma(g, v128.load(p, 32), b2);
    p += row;
    c0 = fma(g, v128.load(p), c0); c1 = fma(g, v128.load(p, 16), c1); c2 = fma(g, v128.load(p, 32), c2);
  }
  v128.store(to, a0); v128.store(to, a1, 16); v128.store(to, a2, 32);
  v128.store(to, b0, 48); v128.store(to, b1, 64); v128.store(to, b2, 80);
  v128.store(to, c0, 96); v128.store(to, c1, 112); v128.store(to, c2, 128);
}

// @ts-ignore: decorator
@inline
function kernel12(x: usize, list: usize, end: usize, to: usize): void {
  let a = v128.load(to), b = v128.load(to, 16), c = v128.load(to, 32), d = v128.load(to, 48);
  let e = v128.load(to, 64), f = v128.load(to, 80), h = v128.load(to, 96), i = v128.load(to, 112);
  let j = v128.load(to, 128), k = v128.load(to, 144), m = v128.load(to, 160), n = v128.load(to, 176);
  for (let l = list; l < end; l += 8) {
    const g = v128.load_splat<f32>(l, 4), p = x + <usize>load<u32>(l);
    a = fma(g, v128.load(p), a); b = fma(g, v128.load(p, 16), b); c = fma(g, v128.load(p, 32), c); d = fma(g, v128.load(p, 48), d);
    e = fma(g, v128.load(p, 64), e); f = fma(g, v128.load(p, 80), f); h = fma(g, v128.load(p, 96), h); i = fma(g, v128.load(p, 112), i);
    j = fma(g, v128.load(p, 128), j); k = fma(g, v128.load(p, 144), k); m = fma(g, v128.load(p, 160), m); n = fma(g, v128.load(p, 176), n);
  }
  v128.store(to, a); v128.store(to, b, 16); v128.store(to, c, 32); v128.store(to, d, 48);
  v128.store(to, e, 64); v128.store(to, f, 80); v128.store(to, h, 96); v128.store(to, i, 112);
  v128.store(to, j, 128); v128.store(to, k, 144); v128.store(to, m, 160); v128.store(to, n, 176);
}

// @ts-ignore: decorator
@inline
function kernel3(x: usize, list: usize, end: usize, to: usize): void {
  let a = v128.load(to), b = v128.load(to, 16), c = v128.load(to, 32);
  for (let l = list; l < end; l += 8) {
    const g = v128.load_splat<f32>(l, 4), p = x + <usize>load<u32>(l);
    a = fma(g, v128.load(p), a); b = fma(g, v128.load(p, 16), b); c = fma(g, v128.load(p, 32), c);
  }
  v128.store(to, a); v128.store(to, b, 16); v128.store(to, c, 32);
}

// @ts-ignore: decorator
@inline
function kernel1(x: usize, list: usize, end: usize, to: usize): void {
  let a = v128.load(to);
  for (let l = list; l < end; l += 8) a = fma(v128.load_splat<f32>(l, 4), v128.load(x + <usize>load<u32>(l)), a);
  v128.store(to, a);
}

// @ts-ignore: decorator
@inline
function accumulate(p: usize, g: v128, w: v128): void {
  v128.store(p, fma(g, w, v128.load(p)));
}

// @ts-ignore: decorator
@inline
function input12(x: usize, list: usize, end: usize, w: usize): void {
  const a = v128.load(w), b = v128.load(w, 16), c = v128.load(w, 32), d = v128.load(w, 48);
  const e = v128.load(w, 64), f = v128.load(w, 80), h = v128.load(w, 96), i = v128.load(w, 112);
  const j = v128.load(w, 128), k = v128.load(w, 144), m = v128.load(w, 160), n = v128.load(w, 176);
  for (let l = list; l < end; l += 8) {
    const g = v128.load_splat<f32>(l, 4), p = x + <usize>load<u32>(l);
    accumulate(p, g, a); accumulate(p + 16, g, b); accumulate(p + 32, g, c); accumulate(p + 48, g, d);
    accumulate(p + 64, g, e); accumulate(p + 80, g, f); accumulate(p + 96, g, h); accumulate(p + 112, g, i);
    accumulate(p + 128, g, j); accumulate(p + 144, g, k); accumulate(p + 160, g, m); accumulate(p + 176, g, n);
  }
}

// @ts-ignore: decorator
@inline
function input3(x: usize, list: usize, end: usize, w: usize): void {
  const a = v128.load(w), b = v128.load(w, 16), c = v128.load(w, 32);
  for (let l = list; l < end; l += 8) {
    const g = v128.load_splat<f32>(l, 4), p = x + <usize>load<u32>(l);
    accumulate(p, g, a); accumulate(p + 16, g, b); accumulate(p + 32, g, c);
  }
}

// @ts-ignore: decorator
@inline
function input1(x: usize, list: usize, end: usize, w: usize): void {
  const a = v128.load(w);
  for (let l = list; l < end; l += 8) accumulate(x + <usize>load<u32>(l), v128.load_splat<f32>(l, 4), a);
}
