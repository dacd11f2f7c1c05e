import { heightOf, imageAt, pixelOf, rowOf, storedOf, widthOf } from './batch-tensor';

/** Pools of windows without overlap. Gradients are added to what the input's gradient holds. */

/** Max pool of size x size; winners: int32 [image, y, x, stored], the place within the window, the first of equal values. */
export function batchMaxPool(x: usize, y: usize, size: i32, winners: usize, first: i32, count: i32): void {
  const height = heightOf(y), width = widthOf(y), row = rowOf(x), pixel = pixelOf(x), bytes = <usize>storedOf(y) << 2;
  let winner = winners + <usize>(first * height * width) * bytes;
  for (let image = first; image < first + count; image++)
    for (let py = 0; py < height; py++)
      for (let px = 0; px < width; px++) {
        const corner = imageAt(x, image) + <usize>(py * size) * row + <usize>(px * size) * pixel;
        const to = imageAt(y, image) + <usize>py * rowOf(y) + <usize>px * pixelOf(y);
        for (let o: usize = 0; o < bytes; o += 4, winner += 4) {
          let best = load<f32>(corner + o), place = 0;
          for (let wy = 0; wy < size; wy++)
            for (let wx = 0; wx < size; wx++) {
              const value = load<f32>(corner + <usize>wy * row + <usize>wx * pixel + o);
              if (value > best) {
                best = value;
                place = wy * size + wx;
              }
            }
          store<f32>(to + o, best);
          store<i32>(winner, place);
        }
      }
}

/** dx at each window's winner += d. */
export function batchMaxPoolGradient(d: usize, dx: usize, size: i32, winners: usize, first: i32, count: i32): void {
  const height = heightOf(d), width = widthOf(d), row = rowOf(dx), pixel = pixelOf(dx), bytes = <usize>storedOf(d) << 2;
  let winner = winners + <usize>(first * height * width) * bytes;
  for (let image = first; image < first + count; image++)
    for (let py = 0; py < height; py++)
      for (let px = 0; px < width; px++) {
        const corner = imageAt(dx, image) + <usize>(py * size) * row + <usize>(px * size) * pixel;
        const from = imageAt(d, image) + <usize>py * rowOf(d) + <usize>px * pixelOf(d);
        for (let o: usize = 0; o < bytes; o += 4, winner += 4) {
          const place = load<i32>(winner), to = corner + <usize>(place / size) * row + <usize>(place % size) * pixel + o;
          store<f32>(to, load<f32>(to) + load<f32>(from + o));
        }
      }
}

/** Mean of windows of `down` x `right` pixels. Stored channels of y are those of x, a multiple of 4 or as they come. */
export function batchAveragePool(x: usize, y: usize, down: i32, right: i32, first: i32, count: i32): void {
  const height = heightOf(y), width = widthOf(y), row = rowOf(x), pixel = pixelOf(x), bytes = <usize>storedOf(y) << 2;
  const share: f32 = <f32>1 / <f32>(down * right);
  for (let image = first; image < first + count; image++)
    for (let py = 0; py < height; py++)
      for (let px = 0; px < width; px++) {
        const corner = imageAt(x, image) + <usize>(py * down) * row + <usize>(px * right) * pixel;
        const to = imageAt(y, image) + <usize>py * rowOf(y) + <usize>px * pixelOf(y), length = <usize>right * pixel;
        let o: usize = 0;
        for (; o + 16 <= bytes; o += 16) {
          let sum = f32x4.splat(0);
          for (let wy = 0, from = corner + o; wy < down; wy++, from += row)
            for (let p = from; p < from + length; p += pixel) sum = f32x4.add(sum, v128.load(p));
          v128.store(to + o, f32x4.mul(sum, f32x4.splat(share)));
        }
        for (; o < bytes; o += 4) {
          let sum: f32 = 0;
          for (let wy = 0, from = corner + o; wy < down; wy++, from += row)
            for (let p = from; p < from + length; p += pixel) sum += load<f32>(p);
          store<f32>(to + o, sum * share);
        }
      }
}

/** dx of every pixel of a window += its part of d. Stored channels are a multiple of 4. */
export function batchAveragePoolGradient(d: usize, dx: usize, down: i32, right: i32, first: i32, count: i32): void {
  const height = heightOf(d), width = widthOf(d), row = rowOf(dx), pixel = pixelOf(dx), bytes = <usize>storedOf(d) << 2;
  const share = f32x4.splat(<f32>1 / <f32>(down * right));
  for (let image = first; image < first + count; image++)
    for (let py = 0; py < height; py++)
      for (let px = 0; px < width; px++) {
        const corner = imageAt(dx, image) + <usize>(py * down) * row + <usize>(px * right) * pixel;
        const from = imageAt(d, image) + <usize>py * rowOf(d) + <usize>px * pixelOf(d), length = <usize>right * pixel;
        for (let o: usize = 0; o < bytes; o += 16) {
          const g = f32x4.mul(v128.load(from + o), share);
          for (let wy = 0, to = corner + o; wy < down; wy++, to += row)
            for (let p = to; p < to + length; p += pixel) v128.store(p, f32x4.add(v128.load(p), g));
        }
      }
}
