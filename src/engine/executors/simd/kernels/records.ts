import { HEADER_WORDS, H_OPS, OP_WORDS, POINT_WORDS } from '../fields';
import { int } from './simd';

/** The record of operation `index`. */
// @ts-ignore: decorator
@inline
export function operation(table: usize, index: i32): usize {
  return table + (<usize>(HEADER_WORDS + index * OP_WORDS) << 2);
}

/** The record of point `index`: 0 is the input, i + 1 the output of operation i. */
// @ts-ignore: decorator
@inline
export function point(table: usize, index: i32): usize {
  return table + (<usize>(HEADER_WORDS + int(table, H_OPS) * OP_WORDS + index * POINT_WORDS) << 2);
}
