import type { AuditExamples } from '#audit/predictions.ts';
import type { AuditResult, Estimate } from '#audit/result.ts';
import type { Selection } from '#audit/selection.ts';
import type { Dataset, Question } from '#dataset/dataset.ts';
import type { RunCosts } from '#engine/model/costs.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { PlanFacts } from '#engine/model/presets.ts';
import type { Admission, MemberResult } from '#engine/protocol/run.ts';
import type { Problem } from '#lib/result.ts';
import type { Schema } from '#review/schema.ts';
import type { Inspection, LoadedDataset, SourceProgress } from '#sources/source.ts';
import type { LabelBoard } from '#storage/label-log.ts';
import type { AuditSummary, LabelEvent } from '#storage/records.ts';

/** The states that the screens show. Hooks: useData, usePlan, useTraining, useEvidence, useGallery, useLabels, useLibrary. */

export type DataState =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading'; readonly progress: SourceProgress }
  | { readonly kind: 'mapping'; readonly inspection: Inspection }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'ready'; readonly loaded: LoadedDataset; readonly dataset: Dataset; readonly question: Question };

export type Preset = 'one-minute' | 'class-hour' | 'paper';
export interface PlanState {
  readonly plan: Plan | null; // null until data are ready
  readonly preset: Preset | null; // null: edited
  /** One sentence for each field that cannot be run as it is. */
  readonly problems: readonly { readonly field: keyof Plan; readonly message: string }[];
  /** What the plan must fit; null until data are ready. */
  readonly facts: PlanFacts | null;
  /** What the plan comes to; null where no model can be built from it. */
  readonly costs: RunCosts | null;
  /** How fast this machine trains, once a run has measured it, and the work of a step of the model that was timed. */
  readonly pace: { readonly msPerOperation: number; readonly macsStep: number } | null;
}

export interface MemberCell {
  readonly state: 'waiting' | 'training' | 'done' | 'diverged' | 'failed';
  readonly progress: number; // [0,1]
}
export interface LevelProgress {
  readonly level: string; // levelName(spec)
  readonly cells: readonly MemberCell[];
  readonly done: number;
  readonly accuracy: Estimate; // mean over finished members, t interval
  /** Modal CIEs so far, null before 3 members on both sides. */
  readonly cie: Estimate | null;
  /** CIE between half of the baseline and as many of its members, to hold against `chance`; null below 4 members. */
  readonly cieOfHalves: Estimate | null;
  /** Mean loss of finished and running members: [step, loss] pairs. */
  readonly loss: readonly (readonly [number, number])[];
}
/** A finished member without what is large and what no screen needs all the time. */
export type MemberSummary = Omit<MemberResult, 'weights' | 'probabilities' | 'embeddings'>;
export interface TrainingState {
  readonly status: 'idle' | 'starting' | 'running' | 'paused' | 'stopped' | 'done' | 'failed';
  readonly problem: Problem | null;
  readonly auditId: string | null;
  readonly admission: Admission | null;
  readonly levels: readonly LevelProgress[];
  readonly done: number;
  readonly planned: number;
  /** Members a minute over the run so far. */
  readonly pace: number | null;
  /** Finished members in each of the last 20 equal spans of time. */
  readonly paceHistory: readonly number[];
  readonly etaMs: { readonly low: number; readonly high: number } | null;
  readonly chance: Estimate | null; // null control of the baseline so far
  readonly log: readonly { readonly time: string; readonly message: string }[];
  readonly results: readonly MemberSummary[];
}

export type EvidenceState =
  | { readonly kind: 'none' }
  | { readonly kind: 'computing' }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | {
      readonly kind: 'ready';
      readonly audit: AuditResult;
      readonly examples: AuditExamples;
      /** [audit example] index into the dataset. */
      readonly datasetIndices: Uint32Array;
      /** Whether every planned member is in. */
      readonly complete: boolean;
      /** Per level, mean over members, bytes; NaN where members of an earlier version do not say it. */
      readonly sizes: Readonly<
        Record<
          string,
          {
            readonly denseBytes: number;
            readonly gzipBytes: number;
            readonly sparseBytes: number;
            readonly int8Bytes: number;
            readonly int8GzipBytes: number;
            readonly achievedSparsity: number;
          }
        >
      >;
      /** Per level [member, audit example] predictions, for the detail view. */
      readonly predictions: Readonly<
        Record<string, { readonly members: readonly string[]; readonly predictions: Uint16Array }>
      >;
    };

export interface GalleryFilters extends Selection {
  readonly level: string;
  /** Whether each example whose label changed stands beside one of its class whose label did not. */
  readonly beside: boolean;
}
export interface GalleryState {
  readonly filters: GalleryFilters;
  /** Id of the example in hand, empty for none. */
  readonly selected: string;
  /** Whether it is shown large. */
  readonly large: boolean;
}

export interface LabelsState {
  /** Who reviews; empty until the first decision has asked for it. */
  readonly reviewer: string;
  /** The question for the name is open. */
  readonly asksName: boolean;
  /** The whole log, of all reviewers, in order. */
  readonly events: readonly LabelEvent[];
  readonly board: LabelBoard;
  /** Example id to label ids in force: the reviewer's own; what everyone said while nobody has given a name. */
  readonly current: ReadonlyMap<string, readonly string[]>;
  /** The questions of the audit in hand; the same object until they change. */
  readonly schema: Schema;
  /** What the reviewer would take back next, and which undo a redo would take back: whole batches, null for nothing. */
  readonly undo: readonly LabelEvent[] | null;
  readonly redo: readonly LabelEvent[] | null;
  /** When the last event was on disk. */
  readonly savedAt: string | null;
  readonly problem: Problem | null;
}

export interface LibraryState {
  readonly audits: readonly AuditSummary[];
  readonly persistence: 'persistent' | 'best-effort' | 'memory' | 'unknown';
  /** What is being opened from a file, by name. */
  readonly opening: string | null;
  readonly problem: Problem | null;
}
