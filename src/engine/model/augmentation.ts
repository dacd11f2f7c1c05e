import type { AugmentationSpec } from '#engine/model/plan.ts';
import { stream } from '#lib/random.ts';

/** The furthest that an image can be moved, in pixels: what a packed view has room for. */
export const MOST_SHIFT = 127;

/** How an example is seen: mirrored left to right, then moved down and to the right by so many pixels (negative: up, left). */
export interface View {
  readonly flip: boolean;
  readonly down: number;
  readonly right: number;
}

/**
 * A view in one int32: bit 0 is set where it is mirrored, bits 8 to 15 hold down + 128, bits 16 to 23 right + 128. Pixel (y, x)
 * of the view is pixel (clamp(y - down), clamp(x - right)) of the (mirrored) image: what moves in from outside repeats the edge.
 */
export function packView({ flip, down, right }: View): number {
  return (flip ? 1 : 0) | ((down + 128) << 8) | ((right + 128) << 16);
}

export function unpackView(packed: number): View {
  return { flip: (packed & 1) === 1, down: ((packed >> 8) & 255) - 128, right: ((packed >> 16) & 255) - 128 };
}

/** The example as it is. */
export const PLAIN_VIEW = packView({ flip: false, down: 0, right: 0 });

/** The views in which a member sees its batches. */
export interface ViewOrder {
  /** Packed views of the next batch, [batchSize]. */
  readonly next: () => Int32Array;
  readonly save: () => readonly number[];
  /** Puts back what `save` returned for the same seed and member. */
  readonly restore: (state: readonly number[]) => void;
}

/**
 * Random views from `stream(seed, 'augmentation', member)`: mirrored with probability 1/2 where `flip`, moved by whole pixels,
 * each direction uniform in [-shift, shift]. Depends on nothing else, so that every level shows a member the same views.
 */
export function viewOrder(seed: number, member: number, spec: AugmentationSpec, batchSize: number): ViewOrder {
  const random = stream(seed, 'augmentation', member);
  const offset = (): number => (spec.shift === 0 ? 0 : random.int(2 * spec.shift + 1) - spec.shift);
  return {
    next: () => {
      const views = new Int32Array(batchSize);
      for (let i = 0; i < batchSize; i++)
        views[i] = packView({ flip: spec.flip && random.int(2) === 1, down: offset(), right: offset() });
      return views;
    },
    save: () => random.save(),
    restore: (state) => {
      random.restore(state);
    },
  };
}
