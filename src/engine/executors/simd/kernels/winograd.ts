import { storeWinner } from './conv-pool';
import { fma, splat } from './simd';

/**
 * Winograd F(2x2, 3x3) (Lavin & Gray 2016): a 2x2 tile of conv outputs costs 16 multiplications a channel pair instead of 36.
 * The output tile is the pooling window, so output transform, bias, relu, pool and argmax stay in registers. For kernels
 * of 3, stride 1, where the stored input channels are a multiple of 4. It rounds otherwise than the direct kernel, so in an
 * exactly tied window another of the tied places can win.
 */

/** conv [3, 3, in, out] -> G g G^T as [16][stored out / 8][stored in][8]. */
export function packWinograd(weights: usize, packed: usize, channels: i32, stored: i32, out: i32, storedOut: i32): void {
  const tap = <usize>(channels * out) << 2, plane = <usize>(stored * storedOut) << 2, half: f32 = 0.5;
  for (let channel = 0; channel < channels; channel++)
    for (let o = 0; o < out; o++) {
      const g = weights + (<usize>(channel * out + o) << 2);
      let to = packed + (<usize>(o >> 3) * <usize>stored + <usize>channel) * 32 + (<usize>(o & 7) << 2);
      for (let i = 0; i < 4; i++, to += plane << 2) {
        const r0 = transformed(g, tap * 3, i), r1 = transformed(g + tap, tap * 3, i), r2 = transformed(g + tap * 2, tap * 3, i);
        store<f32>(to, r0);
        store<f32>(to + plane, half * (r0 + r1 + r2));
        store<f32>(to + plane * 2, half * (r0 - r1 + r2));
        store<f32>(to + plane * 3, r2);
      }
    }
}

/** Entry i of G times the column of three at `g`. */
// @ts-ignore: decorator
@inline
function transformed(g: usize, stride: usize, i: i32): f32 {
  const a = load<f32>(g), b = load<f32>(g + stride), c = load<f32>(g + stride * 2), half: f32 = 0.5;
  return i == 0 ? a : i == 1 ? half * (a + b + c) : i == 2 ? half * (a - b + c) : c;
}

/** One row of B^T d B for 4 channels: rows p and q of the patch are added or subtracted first. */
// @ts-ignore: decorator
@inline
function inputRow(p: usize, q: usize, pixel: usize, subtract: bool, to: usize, plane: usize): void {
  const p2 = pixel << 1, p3 = p2 + pixel;
  const r0 = join(v128.load(p), v128.load(q), subtract), r1 = join(v128.load(p + pixel), v128.load(q + pixel), subtract);
  const r2 = join(v128.load(p + p2), v128.load(q + p2), subtract), r3 = join(v128.load(p + p3), v128.load(q + p3), subtract);
  v128.store(to, f32x4.sub(r0, r2));
  v128.store(to + plane, f32x4.add(r1, r2));
  v128.store(to + plane * 2, f32x4.sub(r2, r1));
  v128.store(to + plane * 3, f32x4.sub(r1, r3));
}

// @ts-ignore: decorator
@inline
function join(a: v128, b: v128, subtract: bool): v128 {
  return subtract ? f32x4.sub(a, b) : f32x4.add(a, b);
}

/**
 * Arguments as convPoolForward's. scratch: V [16][tiles][stored in], then M [16][tiles][stored out], tiles = width rounded
 * up to 4. The spare tiles are set to zero: what is left there from other work are often denormals, which are slow.
 */
export function winogradPoolForward(
  input: usize, inRow: usize, pixel: usize, packed: usize, bias: usize,
  output: usize, outRow: usize, outPixel: usize, height: i32, width: i32, relu: i32, winners: usize, scratch: usize,
): void {
  const tiles = (width + 3) & ~3, vPlane = <usize>tiles * pixel, mPlane = <usize>tiles * outPixel;
  const v = scratch, m = scratch + (vPlane << 4);
  const zero = f32x4.splat(0), floor = relu ? zero : f32x4.splat(-Infinity);
  const toRight = i32x4.splat(<i32>pixel), toDown = i32x4.splat(<i32>inRow), toBoth = i32x4.splat(<i32>(inRow + pixel));
  const step = i32x4.splat(<i32>(pixel << 1));
  if (tiles != width)
    for (let t: usize = 0; t < 16; t++) memory.fill(v + t * vPlane + <usize>width * pixel, 0, <usize>(tiles - width) * pixel);
  for (let py = 0; py < height; py++) {
    const offset = <usize>(2 * py) * inRow;
    for (let px = 0; px < width; px++)
      for (let c: usize = 0; c < pixel; c += 16) {
        const p0 = input + offset + <usize>px * (pixel << 1) + c, p1 = p0 + inRow, p2 = p1 + inRow, p3 = p2 + inRow;
        let to = v + <usize>px * pixel + c;
        inputRow(p0, p2, pixel, true, to, vPlane); to += vPlane << 2;
        inputRow(p1, p2, pixel, false, to, vPlane); to += vPlane << 2;
        inputRow(p2, p1, pixel, true, to, vPlane); to += vPlane << 2;
        inputRow(p1, p3, pixel, true, to, vPlane);
      }
    multiply(v, vPlane, packed, m, mPlane, pixel, outPixel);
    let winner = winners + <usize>(py * width) * outPixel, to = output + <usize>py * outRow, from = m, base = i32x4.splat(<i32>offset);
    for (let px = 0; px < width; px++) {
      for (let o: usize = 0; o < outPixel; o += 16) {
        const b = v128.load(bias + o);
        let p = from + o;
        let m0 = v128.load(p), m1 = v128.load(p + mPlane), m2 = v128.load(p + mPlane * 2), m3 = v128.load(p + mPlane * 3);
        p += mPlane << 2;
        let upLeft = f32x4.add(f32x4.add(m0, m1), f32x4.add(m2, b)), upRight = f32x4.add(f32x4.sub(m1, m2), f32x4.sub(b, m3));
        m0 = v128.load(p); m1 = v128.load(p + mPlane); m2 = v128.load(p + mPlane * 2); m3 = v128.load(p + mPlane * 3);
        p += mPlane << 2;
        let left = f32x4.add(f32x4.add(m0, m1), m2), right = f32x4.sub(f32x4.sub(m1, m2), m3);
        upLeft = f32x4.add(upLeft, left); upRight = f32x4.add(upRight, right);
        let downLeft = f32x4.add(b, left), downRight = f32x4.add(b, right);
        m0 = v128.load(p); m1 = v128.load(p + mPlane); m2 = v128.load(p + mPlane * 2); m3 = v128.load(p + mPlane * 3);
        p += mPlane << 2;
        left = f32x4.add(f32x4.add(m0, m1), m2); right = f32x4.sub(f32x4.sub(m1, m2), m3);
        upLeft = f32x4.add(upLeft, left); upRight = f32x4.add(upRight, right);
        downLeft = f32x4.sub(downLeft, left); downRight = f32x4.sub(downRight, right);
        m0 = v128.load(p); m1 = v128.load(p + mPlane); m2 = v128.load(p + mPlane * 2); m3 = v128.load(p + mPlane * 3);
        left = f32x4.add(f32x4.add(m0, m1), m2); right = f32x4.sub(f32x4.sub(m1, m2), m3);
        downLeft = f32x4.sub(downLeft, left); downRight = f32x4.sub(downRight, right);
        storeWinner(upLeft, upRight, downLeft, downRight, base, toRight, toDown, toBoth, floor, to + o, winner + o);
      }
      winner += outPixel; to += outPixel; from += outPixel;
      base = i32x4.add(base, step);
    }
  }
}

/** The 16 products M [tiles, out] = V [tiles, in] U [in, out], 4 tiles x 8 channels in registers. */
// @ts-ignore: decorator
@inline
function multiply(v: usize, vPlane: usize, packed: usize, m: usize, mPlane: usize, pixel: usize, outPixel: usize): void {
  const zero = f32x4.splat(0), s2 = pixel << 1, s3 = s2 + pixel;
  for (let t = 0; t < 16; t++, v += vPlane, m += mPlane)
    for (let o: usize = 0; o < outPixel; o += 32, packed += pixel << 3) {
      let to = m + o;
      for (let i: usize = 0; i < vPlane; i += pixel << 2) {
        let a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero;
        let p = v + i, w = packed;
        const end = p + pixel;
        while (p < end) {
          const w0 = v128.load(w), w1 = v128.load(w, 16);
          let s = splat(p);
          a0 = fma(s, w0, a0); a1 = fma(s, w1, a1);
          s = splat(p + pixel);
          b0 = fma(s, w0, b0); b1 = fma(s, w1, b1);
          s = splat(p + s2);
          c0 = fma(s, w0, c0); c1 = fma(s, w1, c1);
          s = splat(p + s3);
          d0 = fma(s, w0, d0); d1 = fma(s, w1, d1);
          p += 4; w += 32;
        }
        v128.store(to, a0); v128.store(to, a1, 16); to += outPixel;
        v128.store(to, b0); v128.store(to, b1, 16); to += outPixel;
        v128.store(to, c0); v128.store(to, c1, 16); to += outPixel;
        v128.store(to, d0); v128.store(to, d1, 16); to += outPixel;
      }
    }
}
