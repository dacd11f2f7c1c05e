import { heightOf, imageAt, pixelOf, rowOf, storedOf, widthOf } from './batch-tensor';
import { addProduct, inputTiles, tilesOf } from './batch-winograd';
import { fma } from './simd';
import { planeBytes } from './winograd-tiles';

/**
 * The kernel gradient of batchWinograd in the transformed domain: du [36][stored in][stored out] += V^T N, where V are the
 * transformed patches of x and N = A d A^T the transformed tiles of the output's gradient. Where tiles reach over the right or
 * lower edge, the border of d must hold zeros. block, scratch: as in batchWinograd.
 */
export function batchWinogradGradient(
  x: usize, d: usize, first: i32, count: i32, top: i32, left: i32, du: usize, block: i32, scratch: usize,
): void {
  const inBytes = <usize>storedOf(x) << 2, outBytes = <usize>storedOf(d) << 2;
  const vPlane = planeBytes(block, inBytes), nPlane = planeBytes(block, outBytes), n = scratch + vPlane * 36;
  const total = count * tilesOf(d), duPlane = inBytes * outBytes >> 2;
  for (let start = 0; start < total; start += block) {
    const some = min(block, total - start);
    inputTiles(x, d, first, top, left, start, some, scratch, vPlane);
    gradientTiles(d, first, start, some, n, nPlane);
    for (let t: usize = 0; t < 36; t++) addProduct(scratch + t * vPlane, n + t * nPlane, du + t * duPlane, some, inBytes, outBytes);
  }
}

const between = memory.data(24 * 16, 16);
const ROW: usize = 4 * 16;

function gradientTiles(d: usize, first: i32, start: i32, some: i32, to: usize, plane: usize): void {
  const row = rowOf(d), pixel = pixelOf(d), bytes = <usize>storedOf(d) << 2;
  const across = (widthOf(d) + 3) >> 2, tiles = tilesOf(d);
  let image = first + start / tiles, tx = start % tiles, ty = tx / across;
  tx -= ty * across;
  for (let n = 0; n < some; n++) {
    let from = imageAt(d, image) + <usize>(ty << 2) * row + <usize>(tx << 2) * pixel;
    for (const end = to + bytes; to < end; to += 16, from += 16) {
      for (let j: usize = 0, p = from; j < ROW; j += 16, p += pixel)
        gradientColumn(v128.load(p), v128.load(p + row), v128.load(p + row * 2), v128.load(p + row * 3), between + j, ROW);
      for (let i: usize = between, t = to; i < between + ROW * 6; i += ROW, t += plane * 6)
        gradientColumn(v128.load(i), v128.load(i, 16), v128.load(i, 32), v128.load(i, 48), t, plane);
    }
    if (++tx == across) {
      tx = 0;
      if (++ty * across == tiles) {
        ty = 0;
        image++;
      }
    }
  }
}

/** A of one column of four. */
// @ts-ignore: decorator
@inline
function gradientColumn(y0: v128, y1: v128, y2: v128, y3: v128, to: usize, next: usize): void {
  const two = f32x4.splat(2), four = f32x4.splat(4);
  v128.store(to, y0);
  let even = f32x4.add(y0, y2), odd = f32x4.add(y1, y3);
  v128.store(to + next, f32x4.add(even, odd));
  v128.store(to + next * 2, f32x4.sub(even, odd));
  even = fma(four, y2, y0);
  odd = f32x4.mul(two, fma(four, y3, y1));
  v128.store(to + next * 3, f32x4.add(even, odd));
  v128.store(to + next * 4, f32x4.sub(even, odd));
  v128.store(to + next * 5, y3);
}

/** dw [3, 3, stored in, stored out] = G^T du G for the stride of packWinogradTiles; `plane` = bytes of [stored in, stored out]. */
export function unpackWinogradTiles(du: usize, dw: usize, plane: usize, stride: i32): void {
  for (let i: usize = 0; i < plane; i += 16, du += 16, dw += 16) {
    for (let t: usize = 0; t < 6; t++) kernelGradientColumn(du + t * plane, plane * 6, between + (t << 4), 96, stride);
    for (let y: usize = 0; y < 3; y++) kernelGradientColumn(between + y * 96, 16, dw + y * plane * 3, plane, stride);
  }
}

/** G^T of one column of six. */
// @ts-ignore: decorator
@inline
function kernelGradientColumn(u: usize, from: usize, to: usize, next: usize, stride: i32): void {
  const sixth = f32x4.splat(<f32>(1.0 / 6)), half = f32x4.splat(0.5), quarter = f32x4.splat(0.25), two = f32x4.splat(2);
  const u0 = v128.load(u), u1 = v128.load(u + from), u2 = v128.load(u + from * 2), u3 = v128.load(u + from * 3), u4 = v128.load(u + from * 4);
  const u5 = v128.load(u + from * 5);
  if (stride == 2) {
    v128.store(to, fma(half, f32x4.sub(u0, u1), f32x4.mul(sixth, f32x4.sub(u3, u2))));
    v128.store(to + next, u5);
    v128.store(to + next * 2, fma(sixth, fma(two, u3, u2), f32x4.sub(u4, f32x4.mul(half, u1))));
    return;
  }
  const near = f32x4.add(u1, u2), far = f32x4.add(u3, u4);
  v128.store(to, fma(quarter, u0, f32x4.mul(sixth, f32x4.sub(f32x4.mul(quarter, far), near))));
  v128.store(to + next, f32x4.mul(sixth, fma(half, f32x4.sub(u3, u4), f32x4.sub(u2, u1))));
  v128.store(to + next * 2, fma(sixth, f32x4.sub(far, near), u5));
}
