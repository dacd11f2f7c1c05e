import { fma, splat } from './simd';

/**
 * Convolution + bias + relu + 2x2 max pool + argmax of one image, all in registers: a tile is one pooling window x 8
 * channels. Beside the pooled output it stores for every window and channel the byte offset of the winning patch in the
 * bordered input image, or -1 where relu is off: that is all the backward pass needs, and it visits one conv output in four.
 * The first of equal values in scan order wins.
 *
 * height, width: of the pooled output. winners: int32 [height, width, stored channels]. Other arguments as in conv.ts.
 */
export function convPoolForward(
  input: usize, inRow: usize, pixel: usize, kernel: i32, stride: i32, panels: usize, bias: usize,
  output: usize, outRow: usize, outPixel: usize, height: i32, width: i32, relu: i32, winners: usize,
): void {
  const run = <usize>kernel * pixel, panelBytes = <usize>kernel * run << 3;
  const right = <usize>stride * pixel, down = <usize>stride * inRow;
  const floor = relu ? f32x4.splat(0) : f32x4.splat(-Infinity);
  const toRight = i32x4.splat(<i32>right), toDown = i32x4.splat(<i32>down), toBoth = i32x4.splat(<i32>(down + right));
  for (let o: usize = 0; o < outPixel; o += 32, panels += panelBytes) {
    const bias0 = v128.load(bias + o), bias1 = v128.load(bias + o, 16);
    for (let py = 0; py < height; py++) {
      let offset = <usize>(2 * py) * down;
      let to = output + <usize>py * outRow + o, winner = winners + <usize>(py * width) * outPixel + o;
      for (let px = 0; px < width; px++) {
        let a0 = bias0, a1 = bias1, b0 = bias0, b1 = bias1, c0 = bias0, c1 = bias1, d0 = bias0, d1 = bias1;
        let row = input + offset, w = panels;
        for (let ky = 0; ky < kernel; ky++, row += inRow) {
          let p = row;
          const end = p + run;
          while (p < end) {
            const w0 = v128.load(w), w1 = v128.load(w, 16), below = p + down;
            let s = splat(p);
            a0 = fma(s, w0, a0); a1 = fma(s, w1, a1);
            s = splat(p + right);
            b0 = fma(s, w0, b0); b1 = fma(s, w1, b1);
            s = splat(below);
            c0 = fma(s, w0, c0); c1 = fma(s, w1, c1);
            s = splat(below + right);
            d0 = fma(s, w0, d0); d1 = fma(s, w1, d1);
            p += 4; w += 32;
          }
        }
        const base = i32x4.splat(<i32>offset);
        storeWinner(a0, b0, c0, d0, base, toRight, toDown, toBoth, floor, to, winner);
        storeWinner(a1, b1, c1, d1, base, toRight, toDown, toBoth, floor, to + 16, winner + 16);
        offset += right << 1;
        to += outPixel;
        winner += outPixel;
      }
    }
  }
}

/** Four conv outputs of a window (in scan order) -> the pooled value and the winner's offset. */
// @ts-ignore: decorator
@inline
export function storeWinner(
  a: v128, b: v128, c: v128, d: v128, base: v128, toRight: v128, toDown: v128, toBoth: v128, floor: v128, to: usize, winner: usize,
): void {
  let index = v128.and(f32x4.gt(b, a), toRight);
  let best = f32x4.pmax(a, b);
  let greater = f32x4.gt(c, best);
  index = v128.bitselect(toDown, index, greater);
  best = f32x4.pmax(best, c);
  greater = f32x4.gt(d, best);
  index = v128.bitselect(toBoth, index, greater);
  best = f32x4.pmax(best, d);
  const off = f32x4.le(best, floor);
  v128.store(winner, v128.or(i32x4.add(base, index), off));
  v128.store(to, v128.bitselect(floor, best, off));
}
