import { storeWinner } from './conv-pool';
import { fma } from './simd';
import { between, halfOutput, inputTile, multiply, planeBytes, ROW } from './winograd-tiles';

/**
 * convPoolForward by Winograd F(4x4, 3x3), for kernels of 3 and stride 1 where the stored input channels are a multiple of 4
 * and the pooled output has at least 2 x 2 pixels. A tile is four pooling windows: output transform, bias, relu, pool and argmax
 * are one pass. Where the pooled height or width is odd, the last tiles begin one window earlier and do it twice. It rounds
 * otherwise than the direct kernel, so in an exactly tied window another of the tied places can win.
 *
 * packed: [36][stored out / 8][stored in][8]. together: tile rows that are multiplied together. scratch: 36 planes of
 * together x tiles of a row, rounded up to 4, for the inputs, then for the outputs. Other arguments as convPoolForward's.
 */
export function winogradPoolForward(
  input: usize, inRow: usize, pixel: usize, packed: usize, bias: usize,
  output: usize, outRow: usize, outPixel: usize, height: i32, width: i32, relu: i32, winners: usize, together: i32, scratch: usize,
): void {
  const across = (width + 1) >> 1, down = (height + 1) >> 1, room = (together * across + 3) & ~3;
  const vPlane = planeBytes(room, pixel), mPlane = planeBytes(room, outPixel), m = scratch + vPlane * 36;
  for (let first = 0; first < down; first += together) {
    const end = min(first + together, down), tiles = (end - first) * across, rows = (tiles + 3) & ~3;
    // what is left in the spare rows from other work are often denormals, which are slow
    if (rows != tiles)
      for (let t: usize = 0; t < 36; t++) memory.fill(scratch + t * vPlane + <usize>tiles * pixel, 0, <usize>(rows - tiles) * pixel);
    let to = scratch;
    for (let ty = first; ty < end; ty++)
      for (let tx = 0; tx < across; tx++) {
        let from = input + <usize>(windowOf(ty, height) << 1) * inRow + <usize>(windowOf(tx, width) << 1) * pixel;
        for (const stop = to + pixel; to < stop; to += 16, from += 16) inputTile(from, inRow, pixel, to, vPlane);
      }
    for (let t: usize = 0; t < 36; t++)
      multiply(scratch + t * vPlane, packed + t * (pixel * outPixel >> 2), m + t * mPlane, rows, pixel, outPixel);
    let from = m;
    for (let ty = first; ty < end; ty++)
      for (let tx = 0; tx < across; tx++, from += outPixel) {
        const py = windowOf(ty, height), px = windowOf(tx, width), corner = <usize>(py << 1) * inRow + <usize>(px << 1) * pixel;
        const to = output + <usize>py * outRow + <usize>px * outPixel, winner = winners + <usize>(py * width + px) * outPixel;
        outputTile(from, mPlane, bias, outPixel, corner, inRow, pixel, relu, to, outRow, winner, <usize>width * outPixel);
      }
  }
}

/** The first pooling window of tile t along a side. */
// @ts-ignore: decorator
@inline
function windowOf(t: i32, length: i32): i32 {
  return min(t << 1, length - 2);
}

/** A^T m A of a tile, with bias, relu, pool and argmax. corner: byte offset of its patch in the bordered input image. */
// @ts-ignore: decorator
@inline
function outputTile(
  from: usize, plane: usize, bias: usize, bytes: usize, corner: usize, inRow: usize, pixel: usize, relu: i32,
  to: usize, outRow: usize, winner: usize, winnerRow: usize,
): void {
  const two = f32x4.splat(2), four = f32x4.splat(4), eight = f32x4.splat(8), floor = relu ? f32x4.splat(0) : f32x4.splat(-Infinity);
  const right = i32x4.splat(<i32>pixel), below = i32x4.splat(<i32>inRow), both = i32x4.splat(<i32>(inRow + pixel));
  for (let c: usize = 0; c < bytes; c += 16) {
    halfOutput(from + c, plane);
    const b = v128.load(bias + c);
    let y = to + c, w = winner + c, base = corner;
    for (let i: usize = between; i < between + ROW * 4; i += ROW * 2, y += outRow, w += winnerRow, base += inRow << 1) {
      let m1 = v128.load(i, 16), m2 = v128.load(i, 32), m3 = v128.load(i, 48), m4 = v128.load(i, 64);
      let s = f32x4.add(f32x4.add(m1, m2), b), d = f32x4.add(f32x4.sub(m1, m2), b), u = f32x4.add(m3, m4), e = f32x4.sub(m3, m4);
      const a0 = f32x4.add(v128.load(i), f32x4.add(s, u)), a1 = fma(two, e, d), a2 = fma(four, u, s);
      const a3 = fma(eight, e, f32x4.add(d, v128.load(i, 80)));
      m1 = v128.load(i, 112); m2 = v128.load(i, 128); m3 = v128.load(i, 144); m4 = v128.load(i, 160);
      s = f32x4.add(f32x4.add(m1, m2), b); d = f32x4.add(f32x4.sub(m1, m2), b); u = f32x4.add(m3, m4); e = f32x4.sub(m3, m4);
      const b0 = f32x4.add(v128.load(i, 96), f32x4.add(s, u)), b1 = fma(two, e, d), b2 = fma(four, u, s);
      const b3 = fma(eight, e, f32x4.add(d, v128.load(i, 176)));
      storeWinner(a0, a1, b0, b1, i32x4.splat(<i32>base), right, below, both, floor, y, w);
      storeWinner(a2, a3, b2, b3, i32x4.splat(<i32>(base + (pixel << 1))), right, below, both, floor, y + bytes, w + bytes);
    }
  }
}
