/** Copies one example into a bordered image; bytes become x / 127.5 - 1. `row` numbers a row, rows `outRow` bytes apart. */
export function readBytes(from: usize, output: usize, outRow: usize, height: i32, row: i32): void {
  const scale = f32x4.splat(127.5), one = f32x4.splat(1);
  for (let y = 0; y < height; y++, output += outRow) {
    let i = 0, to = output;
    for (; i + 8 <= row; i += 8, from += 8, to += 32) {
      const words = v128.load_ext<u8>(from);
      v128.store(to, f32x4.sub(f32x4.div(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words)), scale), one));
      v128.store(to, f32x4.sub(f32x4.div(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(words)), scale), one), 16);
    }
    for (; i < row; i++, from++, to += 4) store<f32>(to, <f32>load<u8>(from) / <f32>127.5 - <f32>1);
  }
}

export function readFloats(from: usize, output: usize, outRow: usize, height: i32, row: i32): void {
  const bytes = (<usize>row) << 2;
  for (let y = 0; y < height; y++, output += outRow, from += bytes) memory.copy(output, from, bytes);
}

/**
 * One example in a view, packed as `packView` of model/augmentation.ts does it: mirrored left to right, then moved, and what
 * comes in from outside repeats the edge. kind: 0 bytes, 1 floats; outRow: bytes from row to row; scratch: room for one row.
 */
export function readView(
  from: usize, kind: i32, view: i32, output: usize, outRow: usize, height: i32, width: i32, channels: i32, scratch: usize,
): void {
  const down = ((view >> 8) & 255) - 128, right = ((view >> 16) & 255) - 128;
  const row = width * channels, pixel = (<usize>channels) << 2, last = <usize>(width - 1) * pixel;
  // columns before `first` lie left of the image, those from `end` on right of it
  const first = min(max(right, 0), width), end = max(min(width + right, width), 0);
  for (let y = 0; y < height; y++, output += outRow) {
    const source = <usize>(min(max(y - down, 0), height - 1) * row);
    let line = from + (source << 2);
    if (kind == 0) {
      readBytes(from + source, scratch, 0, 1, row);
      line = scratch;
    }
    const mirrored = (view & 1) == 1, left = mirrored ? line + last : line;
    let to = output, x = 0;
    for (; x < first; x++, to += pixel) copyPixel(left, to, pixel);
    if (x < end) {
      const count = <usize>(end - x) * pixel, start = <usize>(x - right) * pixel;
      if (!mirrored) memory.copy(to, line + start, count);
      else for (let at: usize = 0; at < count; at += pixel) copyPixel(left - start - at, to + at, pixel);
      to += count;
      x = end;
    }
    for (; x < width; x++, to += pixel) copyPixel(mirrored ? line : line + last, to, pixel);
  }
}

// @ts-ignore: decorator
@inline
function copyPixel(from: usize, to: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 4) store<u32>(to + i, load<u32>(from + i));
}
