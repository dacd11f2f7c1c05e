import type { KernelVariants } from '#engine/executors/executor.ts';

/**
 * Pixels that a thread of a convolution keeps in registers, with 4 channels each. More use a weight oftener, fewer leave
 * registers and threads for a small batch: which is faster differs from device to device. Each pixel's sum adds up in the
 * same order whatever their number.
 */
export type PixelBlock = 2 | 4 | 8;

/** Which block the kernels use; to be chosen by name. */
export interface PixelBlocks {
  readonly variants: KernelVariants;
  readonly current: () => PixelBlock;
}

/** Blocks of 4 until another is chosen. */
export function pixelBlocks(): PixelBlocks {
  const blocks = new Map<string, PixelBlock>(
    [4, 8, 2].map((pixels) => [`${String(pixels)} pixels a thread`, pixels as PixelBlock]),
  );
  let current: PixelBlock = 4;
  return {
    current: () => current,
    variants: {
      names: [...blocks.keys()],
      use: (name) => {
        const block = blocks.get(name);
        if (block === undefined) throw new RangeError(`There is no kernel variant "${name}".`);
        current = block;
      },
    },
  };
}
