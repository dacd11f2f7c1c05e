import type { Grid } from '#compression/quantize.ts';
import type { ChunkSpec } from '#engine/executors/executor.ts';
import type { KernelMemory } from '#engine/executors/simd/memory.ts';
import type { Kernels } from '#engine/executors/simd/module.ts';

/** Data in the kernels' memory. */
export interface ResidentData {
  readonly inputs: number; // address
  readonly inputKind: 'bytes' | 'floats';
  readonly labels: number; // address of uint16 [example]
  readonly examples: number;
  /** Numbers of one example. */
  readonly inputSize: number;
  readonly greatestLabel: number;
}

/** What runs a chunk. */
export interface Machine {
  readonly kernels: Kernels;
  readonly memory: KernelMemory;
}

/** A member's step. Addresses are bytes from the start of memory. */
export interface MemberStep {
  /** Its vectors: see member-vectors.ts. */
  readonly member: number;
  readonly indices: Int32Array; // [batch]
  readonly views: Int32Array | null; // [batch]
  readonly learningRate: number;
  /** Adam's bias corrections 1 - beta^t; 1 for other optimizers. */
  readonly corrections: readonly [number, number];
  /** Its teacher's logits [example, output]; 0: no distillation. */
  readonly teacher: number;
  /** Fake quantization: the grid of every marked point, null at others. null: none. */
  readonly grids: readonly (Grid | null)[] | null;
}

/** How one member's activations are quantized at prediction; as ActivationQuantization, which holds those of all. */
export type MemberQuantization =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly points: readonly (Grid | null)[] }
  | { readonly kind: 'dynamic'; readonly ops: readonly boolean[] };

/**
 * One way to run a program: its table and buffers, which members share, as they run one after the other. What a member holds
 * is not its affair (member-vectors.ts), nor are checks of what a caller asks for (chunk.ts).
 */
export interface MemberPath {
  /** Reads of later calls go to these data. */
  takeData(data: ResidentData): void;
  /** Forward, loss, backward and update, which leaves the effective weights up to date; returns the mean loss. */
  step(step: MemberStep): number;
  /** Least and largest value that the last step with a grid at the point saw there, before rounding. */
  seenRange(point: number): readonly [number, number];
  /** Makes the effective weights anew after a member's raw weights or mask were replaced. */
  refresh(member: number): void;
  /** Takes a member's weights for the calls of `values` and `ranges` that follow. */
  prepare(member: number): void;
  /** Hands out values of a point, [example, y, x, channel], from example `first` of `indices` on; they are valid within the call. */
  values(
    indices: Int32Array,
    point: number,
    quantization: MemberQuantization,
    read: (first: number, values: Float32Array) => void,
  ): void;
  /** Least and largest value at every point at prediction, [point, 2]. */
  ranges(indices: Int32Array): Float32Array;
}

/** What a path needs to start. */
export interface PathStart extends Machine {
  readonly spec: ChunkSpec;
  /** Address of `bytes` zeroed bytes, a multiple of 64. */
  readonly region: number;
  /** Address of the weight decay of every parameter; 0: none. */
  readonly decay: number;
}

/** A path whose sizes are known and that has not started. */
export interface PathLayout {
  readonly bytes: number;
  start(start: PathStart): MemberPath;
}
