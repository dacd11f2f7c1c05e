/**
 * Average pool of size x size windows, stride size. Arguments as those of max-pool.ts; input, output: first real pixel, height
 * and width: of the output, pixel: bytes of a pixel on both sides.
 */
export function averageForward(
  input: usize, inRow: usize, output: usize, outRow: usize, pixel: usize, size: i32, height: i32, width: i32,
): void {
  const share = <f32>1 / <f32>(size * size);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const corner = input + <usize>(y * size) * inRow + <usize>(x * size) * pixel, to = output + <usize>y * outRow + <usize>x * pixel;
      for (let c: usize = 0; c < pixel; c += 4) {
        let sum: f32 = 0;
        for (let wy = 0; wy < size; wy++)
          for (let wx = 0; wx < size; wx++) sum += load<f32>(corner + <usize>wy * inRow + <usize>wx * pixel + c);
        store<f32>(to + c, sum * share);
      }
    }
}

/** Spreads each gradient over its window; the input gradient was zero. */
export function averageGradient(
  inGradient: usize, inRow: usize, outGradient: usize, outRow: usize, pixel: usize, size: i32, height: i32, width: i32,
): void {
  const share = <f32>1 / <f32>(size * size);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const corner = inGradient + <usize>(y * size) * inRow + <usize>(x * size) * pixel, from = outGradient + <usize>y * outRow + <usize>x * pixel;
      for (let c: usize = 0; c < pixel; c += 4) {
        const g = load<f32>(from + c) * share;
        for (let wy = 0; wy < size; wy++)
          for (let wx = 0; wx < size; wx++) store<f32>(corner + <usize>wy * inRow + <usize>wx * pixel + c, g);
      }
    }
}
