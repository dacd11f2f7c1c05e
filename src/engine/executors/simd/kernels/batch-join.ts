import { MASK_NONE, MASK_Y, MASK_Z } from '../whole-batch/codes';
import { heightOf, imageAt, pixelOf, rowOf, storedOf, widthOf } from './batch-tensor';
import { fma } from './simd';

/**
 * Batch norm, addition and relu in one pass over the batch: y = relu?(a z + b [+ a' z' + b']), where a, b and a', b' are [stored]
 * vectors of a batch norm, or 1 and 0 where there is none. Work goes row by row, 8 channels at a time.
 */

/** Vectors of a batch norm's record, [stored] floats each. */
export const COEF_A = 0;
export const COEF_B = 1;
export const COEF_MEAN = 2;
export const COEF_INVERSE = 3;
/** dz = g-factor g + z-factor z + rest */
export const COEF_G = 4;
export const COEF_Z = 5;
export const COEF_REST = 6;

/** y = relu?(a z + b) for images [first, first + count). */
export function batchApply(y: usize, z: usize, coef: usize, relu: i32, first: i32, count: i32): void {
  const bytes = <usize>storedOf(y) << 2, height = heightOf(y), pixel = pixelOf(z), pixelY = pixelOf(y), length = <usize>widthOf(y) * pixel;
  const floor = relu ? f32x4.splat(0) : f32x4.splat(-Infinity), row = rowOf(z), rowY = rowOf(y);
  for (let image = first; image < first + count; image++) {
    let from = imageAt(z, image), to = imageAt(y, image);
    for (let r = 0; r < height; r++, from += row, to += rowY)
      for (let o: usize = 0; o < bytes; o += 32) {
        const a0 = v128.load(coef + o), a1 = v128.load(coef + o, 16), b0 = v128.load(coef + bytes + o), b1 = v128.load(coef + bytes + o, 16);
        for (let p = from + o, q = to + o, end = p + length; p < end; p += pixel, q += pixelY) {
          v128.store(q, f32x4.pmax(fma(a0, v128.load(p), b0), floor));
          v128.store(q, f32x4.pmax(fma(a1, v128.load(p, 16), b1), floor), 16);
        }
      }
  }
}

/** y = relu?(a z + b + a' z' + b') for images [first, first + count). */
export function batchJoin(
  y: usize, z: usize, coef: usize, other: usize, otherCoef: usize, relu: i32, first: i32, count: i32,
): void {
  const bytes = <usize>storedOf(y) << 2, height = heightOf(y), pixel = pixelOf(z), length = <usize>widthOf(y) * pixel;
  const pixelY = pixelOf(y), pixelOther = pixelOf(other), row = rowOf(z), rowY = rowOf(y), rowOther = rowOf(other);
  const floor = relu ? f32x4.splat(0) : f32x4.splat(-Infinity);
  for (let image = first; image < first + count; image++) {
    let from = imageAt(z, image), second = imageAt(other, image), to = imageAt(y, image);
    for (let r = 0; r < height; r++, from += row, second += rowOther, to += rowY)
      for (let o: usize = 0; o < bytes; o += 32) {
        const a0 = v128.load(coef + o), a1 = v128.load(coef + o, 16), c0 = v128.load(otherCoef + o), c1 = v128.load(otherCoef + o, 16);
        const b0 = f32x4.add(v128.load(coef + bytes + o), v128.load(otherCoef + bytes + o));
        const b1 = f32x4.add(v128.load(coef + bytes + o, 16), v128.load(otherCoef + bytes + o, 16));
        for (let p = from + o, s = second + o, q = to + o, end = p + length; p < end; p += pixel, s += pixelOther, q += pixelY) {
          v128.store(q, f32x4.pmax(fma(c0, v128.load(s), fma(a0, v128.load(p), b0)), floor));
          v128.store(q, f32x4.pmax(fma(c1, v128.load(s, 16), fma(a1, v128.load(p, 16), b1)), floor), 16);
        }
      }
  }
}

/** The gradient g before relu of one vector. */
// @ts-ignore: decorator
@inline
function masked(d: v128, mask: i32, y: usize, a: v128, z: v128, b: v128): v128 {
  if (mask == MASK_Y) return v128.and(d, f32x4.gt(v128.load(y), f32x4.splat(0)));
  if (mask == MASK_Z) return v128.and(d, f32x4.gt(fma(a, z, b), f32x4.splat(0)));
  return d;
}

/**
 * Writes g, which is d where relu passes it, over d, and adds the sums over pixels and images of g and of g (z - mean) to the
 * pairs of float64 at `sums` [stored, 2]. Within an image the sums are float32. mask: MASK_* of whole-batch/codes.ts; y is
 * read with MASK_Y only.
 */
export function batchJoinSums(d: usize, mask: i32, y: usize, z: usize, coef: usize, sums: usize, first: i32, count: i32): void {
  // a loop of its own for each mask
  if (mask == MASK_Y) joinSums(d, MASK_Y, y, z, coef, sums, first, count);
  else if (mask == MASK_Z) joinSums(d, MASK_Z, y, z, coef, sums, first, count);
  else joinSums(d, MASK_NONE, y, z, coef, sums, first, count);
}

// @ts-ignore: decorator
@inline
function joinSums(d: usize, mask: i32, y: usize, z: usize, coef: usize, sums: usize, first: i32, count: i32): void {
  const bytes = <usize>storedOf(d) << 2, height = heightOf(d), pixel = pixelOf(d), length = <usize>widthOf(d) * pixel;
  const pixelZ = pixelOf(z), row = rowOf(d), rowZ = rowOf(z), means = coef + bytes * COEF_MEAN;
  const pixelY = mask == MASK_Y ? pixelOf(y) : 0, rowY = mask == MASK_Y ? rowOf(y) : 0;
  for (let image = first; image < first + count; image++)
    for (let o: usize = 0; o < bytes; o += 32) {
      let from = imageAt(d, image) + o, z0 = imageAt(z, image) + o, y0 = mask == MASK_Y ? imageAt(y, image) + o : 0;
      const a0 = v128.load(coef + o), a1 = v128.load(coef + o, 16), b0 = v128.load(coef + bytes + o), b1 = v128.load(coef + bytes + o, 16);
      const mean0 = v128.load(means + o), mean1 = v128.load(means + o, 16);
      let g0 = f32x4.splat(0), g1 = g0, h0 = g0, h1 = g0;
      for (let r = 0; r < height; r++, from += row, z0 += rowZ, y0 += rowY)
        for (let p = from, q = z0, s = y0, end = p + length; p < end; p += pixel, q += pixelZ, s += pixelY) {
          const left = v128.load(q), right = v128.load(q, 16);
          const g = masked(v128.load(p), mask, s, a0, left, b0), h = masked(v128.load(p, 16), mask, s + 16, a1, right, b1);
          if (mask != MASK_NONE) {
            v128.store(p, g);
            v128.store(p, h, 16);
          }
          g0 = f32x4.add(g0, g); g1 = f32x4.add(g1, h);
          h0 = fma(g, f32x4.sub(left, mean0), h0); h1 = fma(h, f32x4.sub(right, mean1), h1);
        }
      addPairs(g0, h0, sums + (o << 2));
      addPairs(g1, h1, sums + (o << 2) + 64);
    }
}

/** Four pairs of float64 (x, y) += the lanes of two vectors. */
// @ts-ignore: decorator
@inline
function addPairs(x: v128, y: v128, to: usize): void {
  const low = v128.shuffle<f32>(x, y, 0, 4, 1, 5), high = v128.shuffle<f32>(x, y, 2, 6, 3, 7);
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(low)));
  v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(v128.shuffle<f64>(low, low, 1, 1))), 16);
  v128.store(to, f64x2.add(v128.load(to, 32), f64x2.promote_low_f32x4(high)), 32);
  v128.store(to, f64x2.add(v128.load(to, 48), f64x2.promote_low_f32x4(v128.shuffle<f64>(high, high, 1, 1))), 48);
}

/** The gradient through a batch norm: to = G g + Z z + R with the record's vectors; with `add` it is added. `to` may be z itself, or g. */
export function batchNormGradient(g: usize, z: usize, coef: usize, to: usize, add: i32, first: i32, count: i32): void {
  const bytes = <usize>storedOf(g) << 2, height = heightOf(g), pixel = pixelOf(g), length = <usize>widthOf(g) * pixel;
  const pixelZ = pixelOf(z), row = rowOf(g), rowZ = rowOf(z), pixelTo = pixelOf(to), rowTo = rowOf(to);
  for (let image = first; image < first + count; image++) {
    let from = imageAt(g, image), z0 = imageAt(z, image), t0 = imageAt(to, image);
    for (let r = 0; r < height; r++, from += row, z0 += rowZ, t0 += rowTo)
      for (let o: usize = 0; o < bytes; o += 16) {
        const c = coef + bytes * COEF_G + o, gs = v128.load(c), zs = v128.load(c + bytes), rest = v128.load(c + bytes * 2);
        for (let p = from + o, q = z0 + o, t = t0 + o, end = p + length; p < end; p += pixel, q += pixelZ, t += pixelTo) {
          let result = fma(gs, v128.load(p), fma(zs, v128.load(q), rest));
          if (add) result = f32x4.add(result, v128.load(t));
          v128.store(t, result);
        }
      }
  }
}

/** to = d where y is positive (y 0: everywhere); with `add` it is added. `to` may be y itself, or d. */
export function batchMask(d: usize, y: usize, to: usize, add: i32, first: i32, count: i32): void {
  const bytes = <usize>storedOf(d) << 2, height = heightOf(d), width = widthOf(d), pixel = pixelOf(d), pixelTo = pixelOf(to);
  const zero = f32x4.splat(0), pixelY = y ? pixelOf(y) : 0, rowY = y ? rowOf(y) : 0;
  for (let image = first; image < first + count; image++) {
    let from = imageAt(d, image), y0 = y ? imageAt(y, image) : 0, t0 = imageAt(to, image);
    for (let r = 0; r < height; r++, from += rowOf(d), y0 += rowY, t0 += rowOf(to))
      for (let x = 0, p = from, s = y0, t = t0; x < width; x++, p += pixel, s += pixelY, t += pixelTo)
        for (let o: usize = 0; o < bytes; o += 16) {
          let g = v128.load(p + o);
          if (y) g = v128.and(g, f32x4.gt(v128.load(s + o), zero));
          if (add) g = f32x4.add(g, v128.load(t + o));
          v128.store(t + o, g);
        }
  }
}

/** Zeros in the pixels of images [first, first + count). */
export function batchClear(to: usize, first: i32, count: i32): void {
  const bytes = <usize>widthOf(to) * pixelOf(to), height = heightOf(to), row = rowOf(to);
  for (let image = first; image < first + count; image++)
    for (let r = 0, t = imageAt(to, image); r < height; r++, t += row) memory.fill(t, 0, bytes);
}
