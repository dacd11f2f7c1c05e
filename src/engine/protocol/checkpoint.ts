import type { BatchOrderState } from '#engine/model/batches.ts';
import type { MemberKey } from '#engine/protocol/run.ts';

/**
 * Members in the middle of their training, as they stood together in one chunk. Training that goes on from it gives bitwise
 * what it would have given without the interruption, on the same backend.
 */
export interface Checkpoint {
  /** In the order of the chunk. */
  readonly members: readonly MemberKey[];
  /** What it fits: format, backend, plan and members as one text. A worker whose text differs begins anew. */
  readonly fits: string;
  /** Finished steps. */
  readonly step: number;
  /** What `Chunk.save` gave. */
  readonly chunk: Float32Array;
  /** Whether the chunk is that of the folded program: quantization-aware training past its `begin`. */
  readonly folded: boolean;
  /** 0 or 1, [member, parameterCount]. */
  readonly masks: Uint8Array;
  /** [member] */
  readonly orders: readonly BatchOrderState[];
  /** States of the random views, [member]; null where the plan has none. */
  readonly views: readonly (readonly number[])[] | null;
  /** Loss curves so far, [member]: [step, loss, ...]. */
  readonly curves: readonly (readonly number[])[];
  readonly diverged: readonly boolean[];
  /** The losses that were read last, [member]; null before the first. */
  readonly losses: Float32Array | null;
  /** Milliseconds of training so far. */
  readonly elapsedMs: number;
}
