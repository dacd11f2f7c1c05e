/**
 * A max pool that no convolution could take in: any window, and any number of stored channels. Stores for every output the
 * byte offset of the winner from the first real pixel of the input image; the first of equal values in scan order wins.
 * input, output: first real pixel; height, width: of the output; pixel: bytes of a pixel, the same on both sides.
 */
export function poolForward(
  input: usize, inRow: usize, output: usize, outRow: usize, pixel: usize, size: i32, height: i32, width: i32, winners: usize,
): void {
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const corner = <usize>(y * size) * inRow + <usize>(x * size) * pixel;
      const to = output + <usize>y * outRow + <usize>x * pixel;
      for (let c: usize = 0; c < pixel; c += 4, winners += 4) {
        let winner = corner + c, best = load<f32>(input + winner);
        for (let wy = 0; wy < size; wy++)
          for (let wx = 0; wx < size; wx++) {
            const place = corner + <usize>wy * inRow + <usize>wx * pixel + c, value = load<f32>(input + place);
            if (value > best) {
              best = value;
              winner = place;
            }
          }
        store<f32>(to + c, best);
        store<u32>(winners, <u32>winner);
      }
    }
}

/** Writes each gradient to the winner's place; the input gradient was zero. */
export function poolGradient(
  inGradient: usize, outGradient: usize, outRow: usize, pixel: usize, height: i32, width: i32, winners: usize,
): void {
  const rowBytes = <usize>width * pixel;
  for (let y = 0; y < height; y++, outGradient += outRow)
    for (let i: usize = 0; i < rowBytes; i += 4, winners += 4)
      store<f32>(inGradient + <usize>load<u32>(winners), load<f32>(outGradient + i));
}
