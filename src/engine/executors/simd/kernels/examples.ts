import { H_INPUTS, H_INPUT_KIND, H_SCRATCH, P_CHANNELS, P_HEIGHT, P_ROW_STRIDE, P_WIDTH } from '../fields';
import { imageOf } from './image-quantize';
import { readBytes, readFloats, readView } from './input';
import { point } from './records';
import { address, int } from './simd';

/** Reads `count` examples into the block. views: how each is seen, 0: as they are. Of the table it needs the header's inputs and scratch, and point 0. */
export function readExamples(table: usize, examples: usize, views: usize, count: i32): void {
  const input = point(table, 0), height = int(input, P_HEIGHT), width = int(input, P_WIDTH), channels = int(input, P_CHANNELS);
  const data = address(table, H_INPUTS), kind = int(table, H_INPUT_KIND), outRow = address(input, P_ROW_STRIDE), row = width * channels;
  const bytes = <usize>(height * row) << (kind ? 2 : 0);
  for (let b = 0; b < count; b++) {
    const from = data + <usize>load<u32>(examples + (<usize>b << 2)) * bytes, to = imageOf(input, b);
    if (views) readView(from, kind, load<i32>(views + (<usize>b << 2)), to, outRow, height, width, channels, address(table, H_SCRATCH));
    else if (kind == 0) readBytes(from, to, outRow, height, row);
    else readFloats(from, to, outRow, height, row);
  }
}
