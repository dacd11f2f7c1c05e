import type { Embeddings } from '#audit/embeddings.ts';
import type { PointAccount, TensorAccount } from '#compression/account.ts';
import type { Size } from '#compression/size.ts';
import type { CompressionSpec } from '#compression/spec.ts';
import type { TrainingData, BackendName } from '#engine/executors/executor.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { Shape } from '#engine/model/program.ts';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import type { MemberLimit } from '#engine/protocol/limit.ts';
import type { Race } from '#engine/protocol/race.ts';
import type { Problem } from '#lib/result.ts';

/** What training needs of a dataset: made by `dataset/` from a Dataset and a Question. */
export interface RunData {
  readonly training: TrainingData;
  readonly input: Shape;
  readonly classes: readonly string[];
  /** Example indices that are trained on, and that are audited, in the order of the dataset. */
  readonly trainIndices: Uint32Array;
  readonly auditIndices: Uint32Array;
}

/** Which backend runs and why; shown on screen and kept with the run. */
export interface Admission {
  readonly backend: BackendName;
  /** Adapter or module variant. */
  readonly detail: string;
  /** CPU workers that train at once; 1 on a GPU. */
  readonly workers: number;
  /** One sentence. */
  readonly reason: string;
  /** The race that decided, now or in an earlier run; absent where there was none to run. */
  readonly race?: Race;
  /** Every backend that was tried, in order, with the outcome. */
  readonly tried: readonly {
    readonly backend: BackendName;
    readonly admitted: boolean;
    readonly reason: string;
    readonly durationMs: number;
  }[];
}

/** One member: (level, index). Index 0 ... plan.members-1 names the seed. */
export interface MemberKey {
  readonly level: string; // levelName(spec)
  readonly index: number;
}

/** What is kept of a finished member. */
export interface MemberResult {
  readonly key: MemberKey;
  readonly spec: CompressionSpec;
  /** [audit example] predicted class, in the order of RunData.auditIndices. */
  readonly predictions: Uint16Array;
  /**
   * [audit example] probability of the positive class of the plan's question, as codes (lib/log-odds.ts); of two classes a code
   * is 32,768 or more exactly where the positive one is predicted. Absent in members of earlier versions.
   */
  readonly probabilities?: Uint16Array;
  /** Only of the first baseline member, unless it diverged; absent in members of earlier versions. */
  readonly embeddings?: Embeddings;
  /** Fraction of audit examples predicted right, [0,1]. */
  readonly accuracy: number;
  /** Mean training loss at about 60 evenly spaced steps: [step, loss, step, loss, ...]. Empty for post-training levels. */
  readonly lossCurve: Float32Array;
  readonly diverged: boolean;
  /** Shares of zeros: planned, and found among the prunable weights and among those of all kernels; see SparsityReport. */
  readonly sparsity: {
    readonly planned: number;
    readonly achieved: number;
    readonly wholeModel: number;
  };
  /** What was really done to every tensor; absent in members of earlier versions. */
  readonly tensors?: readonly TensorAccount[];
  /** How activations are rounded, [point], where that is fixed; empty for other levels; absent in members of earlier versions. */
  readonly activations?: readonly PointAccount[];
  readonly sizes: SizeAccount;
  readonly durationMs: number;
  readonly backend: BackendName;
  /**
   * Final weights as used at prediction, [parameterCount]; of the folded program where the member is quantized, of the smaller
   * one after structured pruning (memberProgram).
   */
  readonly weights: Float32Array;
}

/** The index of the baseline member whose embeddings are kept. */
export const EMBEDDED_MEMBER = 0;

/** Bytes of one model, computed from its real weights; members of earlier versions were not packed with gzip. */
export type SizeAccount = Omit<Size, 'gzipBytes' | 'int8GzipBytes'> & Partial<Size>;

export type RunEvent =
  | { readonly kind: 'admitted'; readonly admission: Admission }
  /** From now on so many CPU workers train at once. */
  | { readonly kind: 'workers'; readonly workers: number }
  /** Absolute state of members in training, at most ten a second. */
  | {
      readonly kind: 'progress';
      readonly training: readonly { readonly key: MemberKey; readonly step: number; readonly loss: number | null }[];
    }
  | { readonly kind: 'member'; readonly result: MemberResult }
  /** Members in training, to be kept until they are done; replaces the last one of the same members. */
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
  /** The device had no memory for more; to be given to the next runs on it. */
  | { readonly kind: 'limit'; readonly limit: MemberLimit }
  | { readonly kind: 'notice'; readonly message: string; readonly key?: MemberKey }
  | { readonly kind: 'member-failed'; readonly key: MemberKey; readonly problem: Problem };

export interface RunRequest {
  readonly plan: Plan;
  readonly data: RunData;
  /**
   * Members already there (a resumed run): they are not trained again, unless others are still to be made of them or to learn
   * from them (sourceLevels) and their weights are not given.
   */
  readonly done: readonly { readonly key: MemberKey; readonly weights: Float32Array | null }[];
  /** Members that were in training when the run was last left: they go on from there where that is still possible. */
  readonly checkpoints?: readonly Checkpoint[];
  /** Only this backend, instead of the best that is admitted. */
  readonly backend?: BackendName;
  /** The backend that the done members ran on: tried before all others, as if it were asked for. */
  readonly preferred?: BackendName;
  /** Outcomes of earlier races, so that none is run twice. */
  readonly races?: readonly Race[];
  /** What earlier runs learnt about the memory of devices. */
  readonly limits?: readonly MemberLimit[];
  /** Whether to use every core also while the page is in use. Absent: no. */
  readonly allCores?: boolean;
}

export type RunOutcome =
  { readonly kind: 'done' } | { readonly kind: 'stopped' } | { readonly kind: 'failed'; readonly problem: Problem };

export interface RunHandle {
  /** Finishes the step in hand, saves the members in training and waits. */
  pause(): void;
  resume(): void;
  /** Whether to use every core also while the page is in use. */
  useAllCores(all: boolean): void;
  /** Gives up the members in training, saved if there is time; what is done stays. Settles `finished` within a second. */
  stop(): void;
  readonly finished: Promise<RunOutcome>;
}

/** The training engine as the rest of the app sees it. */
export interface Engine {
  start(request: RunRequest, onEvent: (event: RunEvent) => void): RunHandle;
  dispose(): void;
}
