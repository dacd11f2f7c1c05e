import type { ModelSpec } from '#compression/model-spec.ts';
import type { CompressionSpec } from '#compression/spec.ts';

export type { ModelSpec };

/**
 * `weightDecay` (absent: 0) pulls kernels, not biases or batch norm, towards 0: with `sgd` as an L2 penalty, g + d w, with
 * `adam` decoupled, w - rate d w (Loshchilov & Hutter 2019).
 */
export type OptimizerSpec =
  | { readonly kind: 'sgd'; readonly momentum: number; readonly weightDecay?: number }
  | {
      readonly kind: 'adam';
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay?: number;
    };

/** The learning rate over the steps, as a share of `learningRate`; see learning-rate.ts. */
export type ScheduleSpec =
  | { readonly kind: 'constant' }
  /** Rises linearly over the first `warmup` steps, then falls to 0 along half a cosine. */
  | { readonly kind: 'cosine'; readonly warmup: number }
  /** Is multiplied by `factor` after each of the steps `at`. */
  | { readonly kind: 'step'; readonly at: readonly number[]; readonly factor: number };

/** Random views of training images, anew at every step: mirrored half of the time, and moved by up to `shift` pixels. */
export interface AugmentationSpec {
  readonly flip: boolean;
  readonly shift: number;
}

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
  /** Absent: softmax. `logistic` needs two classes. */
  readonly loss?: 'softmax' | 'logistic';
  /** Members of each population. */
  readonly members: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Absent: constant. */
  readonly schedule?: ScheduleSpec;
  /** Absent: none. */
  readonly augmentation?: AugmentationSpec;
  readonly optimizer: OptimizerSpec;
  /** A whole number from 0 to 2^53-1. Member m of every level starts from the same weights and sees the same batches. */
  readonly seed: number;
  /** The compressed levels; the baseline is always trained. */
  readonly levels: readonly Exclude<CompressionSpec, { kind: 'baseline' }>[];
}
