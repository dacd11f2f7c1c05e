import { address, int } from './simd';

/**
 * Tensors of the whole-batch kernels: [image, y, x, stored channel] floats in memory, described by a record of 8 words.
 * A zero border around an image is outside of what the record counts; a lattice of every second pixel is a tensor as well.
 * `stored` channels (a multiple of 8, but for the input) hold zeros beyond the real ones.
 */
export const TENSOR_WORDS = 8;

/** First real pixel of image `image`. */
// @ts-ignore: decorator
@inline
export function imageAt(tensor: usize, image: i32): usize {
  return address(tensor, 0) + <usize>image * address(tensor, 1);
}

/** Bytes from one row to the next. */
// @ts-ignore: decorator
@inline
export function rowOf(tensor: usize): usize {
  return address(tensor, 2);
}

/** Bytes from one pixel to the next in a row. */
// @ts-ignore: decorator
@inline
export function pixelOf(tensor: usize): usize {
  return address(tensor, 3);
}

// @ts-ignore: decorator
@inline
export function heightOf(tensor: usize): i32 {
  return int(tensor, 4);
}

// @ts-ignore: decorator
@inline
export function widthOf(tensor: usize): i32 {
  return int(tensor, 5);
}

/** Channels with those that padding adds. */
// @ts-ignore: decorator
@inline
export function storedOf(tensor: usize): i32 {
  return int(tensor, 6);
}

/** Channels that the program knows of. */
// @ts-ignore: decorator
@inline
export function channelsOf(tensor: usize): i32 {
  return int(tensor, 7);
}
