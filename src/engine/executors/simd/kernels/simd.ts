/** The two or three instructions that everything else is made of, and the access to the descriptor table. */

/** a b + c; one rounding in the relaxed module where the machine has a fused multiply-add, two in the plain one. */
// @ts-ignore: decorator
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Four copies of the float at the address. */
// @ts-ignore: decorator
@inline
export function splat(address: usize): v128 {
  return v128.load_splat<f32>(address);
}

/** Word `field` of a record as a signed number. */
// @ts-ignore: decorator
@inline
export function int(record: usize, field: i32): i32 {
  return load<i32>(record + ((<usize>field) << 2));
}

/** Word `field` of a record as an address or a count of bytes. */
// @ts-ignore: decorator
@inline
export function address(record: usize, field: i32): usize {
  return <usize>load<u32>(record + ((<usize>field) << 2));
}

/** Word `field` of a record as a float. */
// @ts-ignore: decorator
@inline
export function float(record: usize, field: i32): f32 {
  return load<f32>(record + ((<usize>field) << 2));
}
