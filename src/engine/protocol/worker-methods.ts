import type { CompressionSpec, PipelineSpec, QuantizedSpec, TrainedSpec } from '#compression/spec.ts';
import type { BackendName } from '#engine/executors/executor.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import type { Race, RaceCourse } from '#engine/protocol/race.ts';
import type { MemberKey, MemberResult, RunData } from '#engine/protocol/run.ts';

/** One backend that was tried, with the outcome. */
export interface BackendTrial {
  readonly backend: BackendName;
  readonly admitted: boolean;
  /** One sentence. */
  readonly reason: string;
  readonly durationMs: number;
}

/** The backend of a worker. */
export interface AdmittedBackend {
  readonly backend: BackendName;
  /** Adapter or module variant. */
  readonly detail: string;
  readonly software: boolean;
  /** Why this one, in one sentence. */
  readonly reason: string;
  readonly tried: readonly BackendTrial[];
  /** The race that decided; null where there was none to run. */
  readonly race: Race | null;
}

/** A member to be trained. */
export interface TrainingTask {
  readonly kind: 'training';
  readonly key: MemberKey;
  readonly spec: TrainedSpec;
  /** Weights of the baseline member of the same index, of which a distilled one learns; absent for other levels. */
  readonly teacher?: Float32Array;
}
/** A member to be made from a trained member of the same index; see `sourceLevel`. */
export interface PostTrainingTask {
  readonly kind: 'post-training';
  readonly key: MemberKey;
  readonly spec: QuantizedSpec | PipelineSpec;
  /** Weights of that member; null if it is trained in the same job. */
  readonly weights: Float32Array | null;
}

/**
 * Members that one worker makes together: the training tasks, all of one `chunkKind`, in one chunk, then the post-training
 * tasks.
 */
export interface Job {
  readonly training: readonly TrainingTask[];
  readonly postTraining: readonly PostTrainingTask[];
  /** Where an earlier worker left exactly these training tasks. */
  readonly checkpoint?: Checkpoint;
}

/** What the page may ask of a worker, in this order: admit, prepare, run (again and again, with control in between), dispose. */
export interface WorkerMethods {
  /**
   * Finds a backend that passes the admission test. `only` is tried alone; those to `avoid` are not tried. Where a hardware
   * GPU and WebAssembly are both admitted, a race decides; without a course the GPU is taken.
   */
  readonly admit: {
    readonly params: {
      readonly only: BackendName | null;
      readonly avoid: readonly BackendName[];
      readonly race?: RaceCourse;
      /** The admission test has in it what this plan needs; absent: only what most do. */
      readonly plan?: Plan;
    };
    readonly result: AdmittedBackend;
  };
  /** Makes the data resident. maxMembers: most members that a job may train together. */
  readonly prepare: {
    readonly params: { readonly plan: Plan; readonly data: RunData };
    readonly result: { readonly maxMembers: number };
  };
  /** Makes the members of a job; results come as events before this settles. */
  readonly run: { readonly params: Job; readonly result: 'done' | 'stopped' };
  readonly control: { readonly params: 'pause' | 'resume' | 'stop'; readonly result: null };
  readonly dispose: { readonly params: null; readonly result: null };
}

/** The state of a member in training: steps done, and the loss that was read last (null before the first). */
export interface MemberProgress {
  readonly key: MemberKey;
  readonly step: number;
  readonly loss: number | null;
}

export type WorkerEvent =
  /** Absolute state of the members in the job; also the sign of life that the watchdog waits for. */
  | { readonly kind: 'progress'; readonly training: readonly MemberProgress[] }
  | { readonly kind: 'member'; readonly result: MemberResult }
  /** About every 20 seconds of training, and at a pause or a stop. */
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint };

/** The text under which a member is kept in maps. */
export const keyText = (key: MemberKey): string => `${key.level} ${String(key.index)}`;

/** What one level of a plan, or its baseline, asks for member `index`. */
export function taskOf(spec: CompressionSpec, key: MemberKey): TrainingTask | PostTrainingTask {
  switch (spec.kind) {
    case 'baseline':
    case 'pruned':
    case 'structured':
    case 'distilled':
    case 'qat-int8':
      return { kind: 'training', key, spec };
    case 'hybrid-int8':
    case 'fixed-int8':
    case 'pipeline':
      return { kind: 'post-training', key, spec, weights: null };
    default:
      return spec satisfies never;
  }
}

/**
 * Only members of one kind can share a chunk: what becomes of masked weights is the same for all; quantization-aware training
 * goes over to another program on its way, and so does structured pruning at its end; a student has a program of its own.
 */
export function chunkKind({ key, spec }: TrainingTask): string {
  switch (spec.kind) {
    case 'baseline':
      return 'kept';
    case 'pruned':
      return spec.semantics === 'tfmot' ? 'zeroed' : 'kept';
    case 'qat-int8':
    case 'structured':
    case 'distilled':
      return key.level;
    default:
      return spec satisfies never;
  }
}
