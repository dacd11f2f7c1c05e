/** A set of examples, a bit each. */
export class Bits {
  private readonly words: Uint32Array;

  private constructor(words: Uint32Array) {
    this.words = words;
  }

  /** The examples among 0 ... count-1 that `belongs` names. */
  static where(count: number, belongs: (example: number) => boolean): Bits {
    const words = new Uint32Array(Math.ceil(count / 32));
    for (let x = 0; x < count; x++) if (belongs(x)) words[x >>> 5]! |= 1 << (x & 31);
    return new Bits(words);
  }

  and(other: Bits): Bits {
    return new Bits(this.words.map((word, i) => word & other.words[i]!));
  }

  count(): number {
    let count = 0;
    for (const word of this.words) count += onesIn(word);
    return count;
  }

  /** How many examples are in both. */
  countBoth(other: Bits): number {
    let count = 0;
    for (let i = 0; i < this.words.length; i++) count += onesIn(this.words[i]! & other.words[i]!);
    return count;
  }

  /** Visits the examples in ascending order. */
  each(visit: (example: number) => void): void {
    for (let i = 0; i < this.words.length; i++) {
      for (let word = this.words[i]!; word !== 0; word &= word - 1) visit(i * 32 + 31 - Math.clz32(word & -word));
    }
  }
}

/** Set bits of a 32-bit word, counted in pairs, nibbles and bytes at once. */
function onesIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
