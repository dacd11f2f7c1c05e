import { fma, splat } from './simd';

/**
 * Convolution forward of one image, without im2col: the image has a zero border, so a kernel row is one contiguous run of
 * kernel x stored channels floats. A register tile is 4 pixels x 8 output channels. Any kernel, stride and padding.
 *
 * input: first byte of the bordered image, rows `inRow` bytes apart, `pixel` bytes from one input pixel to the next.
 * output: first real pixel, rows `outRow` bytes apart, `outPixel` bytes a pixel (a multiple of 32).
 */
export function convForward(
  input: usize, inRow: usize, pixel: usize, kernel: i32, stride: i32, panels: usize, bias: usize,
  output: usize, outRow: usize, outPixel: usize, height: i32, width: i32, relu: i32,
): void {
  const run = <usize>kernel * pixel, panelBytes = <usize>kernel * run << 3;
  const step = <usize>stride * pixel, rowStep = <usize>stride * inRow, step2 = step << 1, step3 = step2 + step;
  const floor = relu ? f32x4.splat(0) : f32x4.splat(-Infinity);
  for (let o: usize = 0; o < outPixel; o += 32, panels += panelBytes) {
    const bias0 = v128.load(bias + o), bias1 = v128.load(bias + o, 16);
    for (let oy = 0; oy < height; oy++) {
      let from = input + <usize>oy * rowStep, to = output + <usize>oy * outRow + o;
      let ox = 0;
      for (; ox + 4 <= width; ox += 4, from += step << 2) {
        let a0 = bias0, a1 = bias1, b0 = bias0, b1 = bias1, c0 = bias0, c1 = bias1, d0 = bias0, d1 = bias1;
        let row = from, w = panels;
        for (let ky = 0; ky < kernel; ky++, row += inRow) {
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
        storePixel(to, a0, a1, floor); to += outPixel;
        storePixel(to, b0, b1, floor); to += outPixel;
        storePixel(to, c0, c1, floor); to += outPixel;
        storePixel(to, d0, d1, floor); to += outPixel;
      }
      for (; ox < width; ox++, from += step, to += outPixel) {
        let a0 = bias0, a1 = bias1, row = from, w = panels;
        for (let ky = 0; ky < kernel; ky++, row += inRow) {
          let p = row;
          const end = p + run;
          while (p < end) {
            const s = splat(p);
            a0 = fma(s, v128.load(w), a0);
            a1 = fma(s, v128.load(w, 16), a1);
            p += 4; w += 32;
          }
        }
        storePixel(to, a0, a1, floor);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function storePixel(to: usize, left: v128, right: v128, floor: v128): void {
  v128.store(to, f32x4.pmax(left, floor));
  v128.store(to, f32x4.pmax(right, floor), 16);
}
