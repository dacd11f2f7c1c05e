import type { WeightBits } from '#compression/quantize.ts';
import { USUAL_SOFT_WEIGHT, USUAL_TEMPERATURE, type PruningSemantics, type StructuredSpec } from '#compression/spec.ts';
import type { ModelSpec, Plan } from '#engine/model/plan.ts';
import {
  usualCalibration,
  studentOf,
  type CalibrationChoice,
  type LevelChoice,
  type StageChoice,
} from '#store/plan.ts';
import type { PlanState } from '#store/state.ts';

export type Kind = StageChoice['kind'];
export type Quantization = 'hybrid-int8' | 'fixed-int8';

/** What stands in the fields of the dialog, those of other kinds included: nothing typed is lost by looking at another kind. */
export interface LevelDraft {
  readonly kind: Kind;
  readonly percent: number;
  readonly semantics: PruningSemantics;
  readonly scope: 'layer' | 'global';
  readonly unitsPercent: number;
  readonly norm: StructuredSpec['norm'];
  readonly student: ModelSpec;
  readonly temperature: number;
  readonly softPercent: number;
  readonly begin: number;
  readonly bits: WeightBits;
  readonly calibration: CalibrationChoice;
  /** What is done to the weights after the stage that trains. */
  readonly then: Quantization | 'nothing';
}

/** What a person finds who opens the dialog: presets that can be added as they are. */
export function usualDraft(plan: Plan, facts: PlanState['facts']): LevelDraft {
  return {
    kind: 'pruned',
    percent: 80,
    semantics: plan.levels.find((level) => level.kind === 'pruned')?.semantics ?? 'hooker',
    scope: 'layer',
    unitsPercent: 50,
    norm: 'l1',
    student: studentOf(plan.model),
    temperature: USUAL_TEMPERATURE,
    softPercent: 100 * USUAL_SOFT_WEIGHT,
    begin: Math.floor(plan.steps / 2),
    bits: 8,
    calibration: usualCalibration(facts),
    then: 'nothing',
  };
}

/** The stage that trains, or the quantization where that is all. */
export function stageChoice(draft: LevelDraft): StageChoice {
  switch (draft.kind) {
    case 'pruned':
      return { kind: 'pruned', semantics: draft.semantics, scope: draft.scope, sparsity: draft.percent / 100 };
    case 'structured':
      return { kind: 'structured', norm: draft.norm, sparsity: draft.unitsPercent / 100 };
    case 'distilled':
      return {
        kind: 'distilled',
        student: draft.student,
        temperature: draft.temperature,
        weight: draft.softPercent / 100,
      };
    case 'qat-int8':
      return { kind: 'qat-int8', begin: draft.begin, ...draft.calibration };
    case 'hybrid-int8':
    case 'fixed-int8':
      return quantization(draft.kind, draft);
    default:
      return draft.kind satisfies never;
  }
}

function quantization(kind: Quantization, { bits, calibration }: LevelDraft): StageChoice {
  return kind === 'hybrid-int8' ? { kind, bits } : { kind, bits, ...calibration };
}

export function levelChoice(draft: LevelDraft): LevelChoice {
  const stage = stageChoice(draft);
  return draft.then === 'nothing' ? stage : { kind: 'pipeline', stages: [stage, quantization(draft.then, draft)] };
}

/** Whether a quantization with bits to choose is part of it, and whether ranges are calibrated. */
export function roundingOf({ kind, then }: LevelDraft): { readonly hasBits: boolean; readonly isCalibrated: boolean } {
  const kinds = [kind, then];
  return {
    hasBits: kinds.includes('hybrid-int8') || kinds.includes('fixed-int8'),
    isCalibrated: kinds.includes('fixed-int8') || kinds.includes('qat-int8'),
  };
}
