import type { CompressionSpec } from '#compression/spec.ts';

/** The recipe of a model. `cnn-small`: conv 3x3 and 2x2 max pool per entry of `filters`, then dense layers. `mlp`: dense layers only. */
export type ModelSpec =
  | { readonly kind: 'cnn-small'; readonly filters: readonly number[]; readonly dense: readonly number[] }
  | { readonly kind: 'mlp'; readonly hidden: readonly number[] };

export type OptimizerSpec =
  | { readonly kind: 'sgd'; readonly momentum: number }
  | { readonly kind: 'adam'; readonly beta1: number; readonly beta2: number; readonly epsilon: number };

/** Everything a run depends on; saved as plan.json. */
export interface Plan {
  readonly schemaVersion: 1;
  readonly dataset: { readonly name: string; readonly hash: string };
  readonly question: {
    readonly target: string;
    readonly positive: string;
    readonly attributes: readonly string[];
    readonly minCount: number;
  };
  readonly model: ModelSpec;
  /** Members of each population. */
  readonly members: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly optimizer: OptimizerSpec;
  /** A whole number from 0 to 2^53-1. Member m of every level starts from the same weights and sees the same batches. */
  readonly seed: number;
  /** The compressed levels; the baseline is always trained. */
  readonly levels: readonly Exclude<CompressionSpec, { kind: 'baseline' }>[];
}
