import { heightOf, imageAt, pixelOf, rowOf, storedOf, widthOf } from './batch-tensor';
import { fma, splat } from './simd';

/**
 * Direct convolution of images [first, first + count): y = relu?(x * kernel + bias), or y += that with `add`. The kernel is
 * kh x kw; output pixel (oy, ox) reads from input pixel (stride oy - top, stride ox - left) on, in the zero border too. A
 * kernel row is one contiguous run of floats; a register tile is 4 pixels x 8 output channels.
 * panels: [stored out / 8][ky, kx, stored in][8]; bias: [stored out].
 */
export function batchConvolve(
  x: usize, y: usize, first: i32, count: i32, kh: i32, kw: i32, stride: i32, top: i32, left: i32,
  panels: usize, bias: usize, relu: i32, add: i32,
): void {
  const inRow = rowOf(x), pixel = pixelOf(x), corner = <usize>top * inRow + <usize>left * pixel, outBytes = <usize>storedOf(y) << 2;
  for (let image = first; image < first + count; image++)
    convolveImage(
      imageAt(x, image) - corner, inRow, kh, <usize>kw * pixel, <usize>stride * pixel, <usize>stride * inRow, panels, bias,
      imageAt(y, image), rowOf(y), pixelOf(y), outBytes, heightOf(y), widthOf(y), relu, add,
    );
}

function convolveImage(
  input: usize, inRow: usize, kh: i32, run: usize, step: usize, rowStep: usize, panels: usize, bias: usize,
  output: usize, outRow: usize, outPixel: usize, outBytes: usize, height: i32, width: i32, relu: i32, add: i32,
): void {
  const panelBytes = <usize>kh * run << 3, step2 = step << 1, step3 = step2 + step;
  const floor = relu ? f32x4.splat(0) : f32x4.splat(-Infinity);
  for (let o: usize = 0; o < outBytes; o += 32, panels += panelBytes) {
    const bias0 = v128.load(bias + o), bias1 = v128.load(bias + o, 16);
    for (let oy = 0; oy < height; oy++) {
      let from = input + <usize>oy * rowStep, to = output + <usize>oy * outRow + o;
      let ox = 0;
      for (; ox + 4 <= width; ox += 4, from += step << 2) {
        let a0 = bias0, a1 = bias1, b0 = bias0, b1 = bias1, c0 = bias0, c1 = bias1, d0 = bias0, d1 = bias1;
        let row = from, w = panels;
        for (let ky = 0; ky < kh; ky++, row += inRow) {
          let p = row;
          const end = p + run;
          while (p < end) {
            const w0 = v128.load(w), w1 = v128.load(w, 16);
            let s = splat(p);
            a0 = fma(s, w0, a0); a1 = fma(s, w1, a1);
            s = splat(p + step);
            b0 = fma(s, w0, b0); b1 = fma(s, w1, b1);
            s = splat(p + step2);
            c0 = fma(s, w0, c0); c1 = fma(s, w1, c1);
            s = splat(p + step3);
            d0 = fma(s, w0, d0); d1 = fma(s, w1, d1);
            p += 4; w += 32;
          }
        }
        put(to, a0, a1, floor, add); to += outPixel;
        put(to, b0, b1, floor, add); to += outPixel;
        put(to, c0, c1, floor, add); to += outPixel;
        put(to, d0, d1, floor, add); to += outPixel;
      }
      for (; ox < width; ox++, from += step, to += outPixel) {
        let a0 = bias0, a1 = bias1, row = from, w = panels;
        for (let ky = 0; ky < kh; ky++, row += inRow) {
          let p = row;
          const end = p + run;
          while (p < end) {
            const s = splat(p);
            a0 = fma(s, v128.load(w), a0);
            a1 = fma(s, v128.load(w, 16), a1);
            p += 4; w += 32;
          }
        }
        put(to, a0, a1, floor, add);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function put(to: usize, left: v128, right: v128, floor: v128, add: i32): void {
  if (add) {
    left = f32x4.add(left, v128.load(to));
    right = f32x4.add(right, v128.load(to, 16));
  }
  // pmax(a, b) = a < b ? b : a, so a NaN stays and is seen in the loss
  v128.store(to, f32x4.pmax(left, floor));
  v128.store(to, f32x4.pmax(right, floor), 16);
}

/**
 * The kernel gradient of that convolution, added to dw [ky, kx, stored in, stored out]. d: gradient of the output. A tile
 * of 4 kernel inputs x 8 output channels stays in registers over a whole image.
 */
export function batchKernelGradient(
  x: usize, d: usize, first: i32, count: i32, kh: i32, kw: i32, stride: i32, top: i32, left: i32, dw: usize,
): void {
  const inRow = rowOf(x), pixel = pixelOf(x), corner = <usize>top * inRow + <usize>left * pixel, run = <usize>kw * pixel;
  const outPixel = pixelOf(d), outRow = rowOf(d), outBytes = <usize>storedOf(d) << 2, height = heightOf(d), width = widthOf(d);
  const step = <usize>stride * pixel, rowStep = <usize>stride * inRow;
  for (let image = first; image < first + count; image++) {
    const input = imageAt(x, image) - corner, output = imageAt(d, image);
    for (let o: usize = 0; o < outBytes; o += 32) {
      let to = dw + o;
      for (let ky = 0; ky < kh; ky++) {
        const row = input + <usize>ky * inRow;
        let k: usize = 0;
        for (; k + 16 <= run; k += 16, to += outBytes << 2)
          fourInputs(row + k, step, rowStep, output + o, outPixel, outRow, height, width, to, outBytes);
        for (; k < run; k += 4, to += outBytes) oneInput(row + k, step, rowStep, output + o, outPixel, outRow, height, width, to);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function fourInputs(
  x: usize, step: usize, rowStep: usize, d: usize, pixel: usize, row: usize, height: i32, width: i32, to: usize, next: usize,
): void {
  const to1 = to + next, to2 = to1 + next, to3 = to2 + next;
  let a0 = v128.load(to), a1 = v128.load(to, 16), b0 = v128.load(to1), b1 = v128.load(to1, 16);
  let c0 = v128.load(to2), c1 = v128.load(to2, 16), d0 = v128.load(to3), d1 = v128.load(to3, 16);
  const length = <usize>width * pixel;
  for (let y = 0; y < height; y++, x += rowStep, d += row) {
    let p = x, q = d;
    const end = q + length;
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
      p += step; q += pixel;
    }
  }
  v128.store(to, a0); v128.store(to, a1, 16); v128.store(to1, b0); v128.store(to1, b1, 16);
  v128.store(to2, c0); v128.store(to2, c1, 16); v128.store(to3, d0); v128.store(to3, d1, 16);
}

// @ts-ignore: decorator
@inline
function oneInput(
  x: usize, step: usize, rowStep: usize, d: usize, pixel: usize, row: usize, height: i32, width: i32, to: usize,
): void {
  let a0 = v128.load(to), a1 = v128.load(to, 16);
  const length = <usize>width * pixel;
  for (let y = 0; y < height; y++, x += rowStep, d += row) {
    let p = x, q = d;
    const end = q + length;
    while (q < end) {
      const s = splat(p);
      a0 = fma(s, v128.load(q), a0);
      a1 = fma(s, v128.load(q, 16), a1);
      p += step; q += pixel;
    }
  }
  v128.store(to, a0); v128.store(to, a1, 16);
}

/** sums [stored] += the sum of d over pixels and images: a bias gradient. */
export function batchSums(d: usize, first: i32, count: i32, sums: usize): void {
  const pixel = pixelOf(d), row = rowOf(d), bytes = <usize>storedOf(d) << 2, height = heightOf(d), length = <usize>widthOf(d) * pixel;
  for (let o: usize = 0; o < bytes; o += 32) {
    for (let image = first; image < first + count; image++) {
      let left = f32x4.splat(0), right = left, from = imageAt(d, image) + o;
      for (let y = 0; y < height; y++, from += row)
        for (let p = from; p < from + length; p += pixel) {
          left = f32x4.add(left, v128.load(p));
          right = f32x4.add(right, v128.load(p, 16));
        }
      v128.store(sums + o, f32x4.add(v128.load(sums + o), left));
      v128.store(sums + o, f32x4.add(v128.load(sums + o, 16), right), 16);
    }
  }
}

/** One tap [in, out] of a kernel -> a place in panels of its transpose: [in / 8], `panelBytes` apart, [out][8]. */
export function packTap(weights: usize, panels: usize, channels: i32, out: i32, panelBytes: usize): void {
  for (let i = 0; i < channels; i++) {
    let to = panels + <usize>(i >> 3) * panelBytes + (<usize>(i & 7) << 2);
    for (let o = 0; o < out; o++, weights += 4, to += 32) store<f32>(to, load<f32>(weights));
  }
}
