import { activationGrid, type Grid } from '#compression/quantize.ts';
import type { FakeQuantization } from '#engine/executors/executor.ts';
import type { MemberPath } from '#engine/executors/simd/member-path.ts';

/** Fake quantization of a chunk: which points are marked, and the ranges of its members as they move. */
export interface FakeRanges {
  /** null: none in the steps that follow; the ranges stay. */
  set(quantization: FakeQuantization | null): void;
  /** The member's grid at every point, null at those that are not marked; null without fake quantization. */
  grids(member: number): readonly (Grid | null)[] | null;
  /** Moves the member's ranges after a step by what the path saw. */
  move(member: number, path: Pick<MemberPath, 'seenRange'>): void;
  /** [member, point, 2]; zeros before any were given. Not a copy. */
  readonly ranges: Float32Array;
}

export function createFakeRanges(members: number, points: number): FakeRanges {
  const ranges = new Float32Array(members * points * 2);
  let current: FakeQuantization | null = null;
  /** A range that is not finite, of a member that has diverged, makes everything NaN, so that the loss tells. */
  const grid = (at: number): Grid => {
    const [least, largest] = [ranges[at]!, ranges[at + 1]!];
    if (!Number.isFinite(least) || !Number.isFinite(largest)) return { scale: Number.NaN, zeroPoint: 0 };
    return activationGrid(least, largest);
  };
  return {
    ranges,
    set: (quantization) => {
      current = quantization;
      if (quantization) ranges.set(quantization.ranges);
    },
    grids: (member) =>
      current && current.points.map((marked, point) => (marked ? grid((member * points + point) * 2) : null)),
    move: (member, path) => {
      current?.points.forEach((marked, point) => {
        if (!marked) return;
        const decay = current!.decay;
        const [least, largest] = path.seenRange(point);
        const at = (member * points + point) * 2;
        ranges[at] = decay * ranges[at]! + (1 - decay) * Math.min(0, least);
        ranges[at + 1] = decay * ranges[at + 1]! + (1 - decay) * Math.max(0, largest);
      });
    },
  };
}
