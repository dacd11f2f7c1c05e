/**
 * Once a step the effective weights are copied into the orders in which the kernels read them. Stored channels beyond the
 * real ones, and units beyond the real ones, keep the zeros that the buffers were made with: they compute zeros and never
 * need a special case in a kernel.
 */

/** conv [ky, kx, in, out] -> panels [out / 8][ky, kx, stored in][8]; `taps` = ky kx. */
export function packConvPanels(weights: usize, panels: usize, taps: i32, channels: i32, stored: i32, out: i32): void {
  const panel = <usize>(taps * stored) * 32;
  for (let tap = 0; tap < taps; tap++)
    for (let channel = 0; channel < channels; channel++) {
      const row = panels + <usize>(tap * stored + channel) * 32;
      for (let o = 0; o < out; o++, weights += 4) store<f32>(row + <usize>(o >> 3) * panel + <usize>(o & 7) * 4, load<f32>(weights));
    }
}

/** conv [ky, kx, in, out] -> rows [out][ky][kx, stored in], each kernel row padded to whole vectors (`rowBytes`). */
export function packConvRows(weights: usize, rows: usize, kernel: i32, channels: i32, stored: i32, out: i32, rowBytes: usize): void {
  for (let ky = 0; ky < kernel; ky++)
    for (let kx = 0; kx < kernel; kx++)
      for (let channel = 0; channel < channels; channel++) {
        let to = rows + <usize>ky * rowBytes + <usize>(kx * stored + channel) * 4;
        for (let o = 0; o < out; o++, weights += 4, to += <usize>kernel * rowBytes) store<f32>(to, load<f32>(weights));
      }
}

/** The inverse of packConvRows, for the gradient. */
export function unpackConvRows(rows: usize, weights: usize, kernel: i32, channels: i32, stored: i32, out: i32, rowBytes: usize): void {
  for (let ky = 0; ky < kernel; ky++)
    for (let kx = 0; kx < kernel; kx++)
      for (let channel = 0; channel < channels; channel++) {
        let from = rows + <usize>ky * rowBytes + <usize>(kx * stored + channel) * 4;
        for (let o = 0; o < out; o++, weights += 4, from += <usize>kernel * rowBytes) store<f32>(weights, load<f32>(from));
      }
}

/** dense [in, units] -> panels [units / 8][stored in][8]. The inputs are pixels of `channels` numbers stored as `stored`. */
export function packDensePanels(weights: usize, panels: usize, pixels: i32, channels: i32, stored: i32, units: i32): void {
  const panel = <usize>(pixels * stored) * 32, row = (<usize>units) << 2;
  for (let j = 0; j < units; j += 8, panels += panel) {
    const width = min(8, units - j);
    let from = weights + ((<usize>j) << 2);
    for (let pixel = 0; pixel < pixels; pixel++) {
      let to = panels + <usize>(pixel * stored) * 32;
      for (let channel = 0; channel < channels; channel++, from += row, to += 32) {
        if (width == 8) {
          v128.store(to, v128.load(from));
          v128.store(to, v128.load(from, 16), 16);
        } else for (let u = 0; u < width; u++) store<f32>(to + ((<usize>u) << 2), load<f32>(from + ((<usize>u) << 2)));
      }
    }
  }
}

/** Gradient rows [stored in][stored units] -> [in, units]. */
export function unpackDenseRows(rows: usize, weights: usize, pixels: i32, channels: i32, stored: i32, units: i32, storedUnits: i32): void {
  const rowBytes = (<usize>storedUnits) << 2, bytes = (<usize>units) << 2;
  for (let pixel = 0; pixel < pixels; pixel++)
    for (let channel = 0; channel < channels; channel++, weights += bytes)
      memory.copy(weights, rows + <usize>(pixel * stored + channel) * rowBytes, bytes);
}

// @ts-ignore: decorator
@inline
function transpose4(from: usize, fromStride: usize, to: usize, toStride: usize): void {
  const r0 = v128.load(from), r1 = v128.load(from + fromStride);
  const r2 = v128.load(from + (fromStride << 1)), r3 = v128.load(from + fromStride * 3);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(t0, t2, 0, 2));
  v128.store(to + toStride, v128.shuffle<f64>(t0, t2, 1, 3));
  v128.store(to + (toStride << 1), v128.shuffle<f64>(t1, t3, 0, 2));
  v128.store(to + toStride * 3, v128.shuffle<f64>(t1, t3, 1, 3));
}

/** Panels [unitPanels][inputs][8] -> panels of the transpose, [inputs / 8][8 unitPanels][8]. `inputs` is a multiple of 8. */
export function transposePanels(panels: usize, transposed: usize, unitPanels: i32, inputs: i32): void {
  const units = (<usize>unitPanels) << 3;
  for (let j = 0; j < unitPanels; j++)
    for (let k = 0; k < inputs; k += 4) {
      const from = panels + (<usize>j * <usize>inputs + <usize>k) * 32;
      const to = transposed + (<usize>(k >> 3) * units + ((<usize>j) << 3)) * 32 + ((<usize>(k & 4)) << 2);
      transpose4(from, 32, to, 32);
      transpose4(from + 16, 32, to + 128, 32);
    }
}
