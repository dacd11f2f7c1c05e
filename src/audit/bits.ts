/** A set of examples, a bit each, 32 to a word. */
export type Bits = Uint32Array;

/** The places among 0 ... count-1 that `belongs` names. */
export function bitsWhere(count: number, belongs: (place: number) => boolean): Bits {
  const words = new Uint32Array(Math.ceil(count / 32));
  for (let x = 0; x < count; x++) if (belongs(x)) words[x >>> 5]! |= 1 << (x & 31);
  return words;
}

/** What is in both, written into a third. */
export function intersect(a: Bits, b: Bits, into: Bits): Bits {
  for (let i = 0; i < into.length; i++) into[i] = a[i]! & b[i]!;
  return into;
}

export function countBits(bits: Bits): number {
  let count = 0;
  for (const word of bits) count += onesIn(word);
  return count;
}

/** How many are in both. */
export function countBoth(a: Bits, b: Bits): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    const word = a[i]! & b[i]!;
    if (word !== 0) count += onesIn(word);
  }
  return count;
}

/** Visits what is in the set in ascending order. */
export function eachBit(bits: Bits, visit: (place: number) => void): void {
  for (let i = 0; i < bits.length; i++) {
    for (let word = bits[i]!; word !== 0; word &= word - 1) visit(i * 32 + 31 - Math.clz32(word & -word));
  }
}

/** Set bits of a 32-bit word, counted in pairs, nibbles and bytes at once. */
export function onesIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
