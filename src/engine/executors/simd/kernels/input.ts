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
