const ALIGNMENT = 64;

/** Hands out addresses from `base` on and gathers the words that stand there at the start. Memory is zero where none stands. */
export interface Build {
  /** Address of a buffer of so many bytes, a multiple of 64. */
  take(bytes: number): number;
  /** A buffer with words in it. */
  record(words: readonly number[]): number;
  /** Puts a word into a buffer. */
  set(address: number, word: number): void;
  /** End of what was handed out. */
  top(): number;
  readonly words: readonly { readonly address: number; readonly word: number }[];
}

export function createBuild(base: number): Build {
  let top = base;
  const words: { address: number; word: number }[] = [];
  const take = (bytes: number): number => {
    const start = top;
    top += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return start;
  };
  const set = (address: number, word: number): void => {
    words.push({ address, word });
  };
  return {
    take,
    record: (values) => {
      const start = take(values.length * 4);
      values.forEach((value, i) => {
        set(start + i * 4, value);
      });
      return start;
    },
    set,
    top: () => top,
    words,
  };
}

/** A tensor as kernels/batch-tensor.ts describes it; `record` is the address of that description. Strides are bytes. */
export interface Tensor {
  readonly record: number;
  readonly data: number;
  readonly imageStride: number;
  readonly rowStride: number;
  readonly pixelStride: number;
  readonly height: number;
  readonly width: number;
  readonly stored: number;
  readonly channels: number;
}

export function describe(build: Build, tensor: Omit<Tensor, 'record'>): Tensor {
  const { data, imageStride, rowStride, pixelStride, height, width, stored, channels } = tensor;
  const record = build.record([data, imageStride, rowStride, pixelStride, height, width, stored, channels]);
  return { ...tensor, record };
}

/** Bytes that the tensors of a segment may take for the images that pass it together, so that they stay in a second-level cache. */
const SEGMENT_BYTES = 2 ** 20;
const ALL_IMAGES = 2 ** 30;

/** Instructions in the making; see codes.ts. */
export interface Tape {
  /** An instruction that works on images one by one, in the tensors it touches. */
  each(tensors: readonly Tensor[], code: number, ...args: readonly number[]): void;
  /** An instruction that needs all images to have passed those before it. */
  once(code: number, ...args: readonly number[]): void;
  /** The tape's words. fixedGroup: images that pass together, whatever they take. */
  finish(fixedGroup?: number): number[];
}

export function createTape(): Tape {
  interface Segment {
    readonly once: boolean;
    readonly words: number[];
    readonly touched: Map<number, number>;
  }
  const segments: Segment[] = [];
  const segment = (once: boolean): Segment => {
    const last = segments.at(-1);
    if (last?.once === once) return last;
    const next = { once, words: [], touched: new Map<number, number>() };
    segments.push(next);
    return next;
  };
  const groupOf = ({ once, touched }: Segment): number => {
    if (once) return ALL_IMAGES;
    const bytes = [...touched.values()].reduce((sum, stride) => sum + stride, 1);
    return 2 ** Math.max(0, Math.floor(Math.log2(SEGMENT_BYTES / bytes))); // a power of two fills blocks of tiles
  };
  return {
    each: (tensors, code, ...args) => {
      const { words, touched } = segment(false);
      for (const { data, imageStride } of tensors) touched.set(data, imageStride);
      words.push(code, args.length + 2, ...args);
    },
    once: (code, ...args) => {
      segment(true).words.push(code, args.length + 2, ...args);
    },
    finish: (fixedGroup) => [
      ...segments.flatMap((each) => [fixedGroup ?? groupOf(each), each.words.length + 2, ...each.words]),
      0,
    ],
  };
}
