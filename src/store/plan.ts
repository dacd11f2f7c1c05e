import { create } from 'zustand';
import type { WeightBits } from '#compression/quantize.ts';
import {
  levelName,
  type CalibrationDraw,
  type CalibrationSpec,
  type CompressionSpec,
  type PrunedSpec,
  type PruningSemantics,
  type StageSpec,
} from '#compression/spec.ts';
import { hookerSchedule, structuredSchedule, tfmotSchedule } from '#compression/schedule.ts';
import type { Dataset, Question } from '#dataset/dataset.ts';
import { planFacts } from '#dataset/plan-facts.ts';
import { runCosts, type LevelCosts } from '#engine/model/costs.ts';
import { learningRateAt } from '#engine/model/learning-rate.ts';
import type { ModelSpec, Plan } from '#engine/model/plan.ts';
import { calibrationOf, presetPlan, recipe } from '#engine/model/presets.ts';
import { planJson } from '#engine/model/plan-file.ts';
import { planProblems } from '#engine/model/validate-plan.ts';
import { fileName, saveFile } from './save-file.ts';
import type { PlanState, Preset } from './state.ts';

type Level = Plan['levels'][number];
/** Fields to change; `undefined` takes one away that a plan need not have. */
type PlanChange = { readonly [Field in keyof Plan]?: Plan[Field] | undefined };

export const usePlan = create<PlanState>(() => ({
  plan: null,
  preset: null,
  problems: [],
  facts: null,
  costs: null,
  pace: null,
}));

function show(plan: Plan, preset: Preset | null, facts: PlanState['facts'] = usePlan.getState().facts): void {
  usePlan.setState({
    plan,
    preset,
    facts,
    problems: facts ? planProblems(plan, facts) : [],
    costs: facts && runCosts(plan, facts),
  });
}

/** A fresh plan for these data and this question. */
export function resetPlan(dataset: Dataset, question: Question, preset: Preset = 'one-minute'): void {
  const facts = planFacts(dataset, question);
  show(presetPlan(preset, facts), preset, facts);
}

/** The same plan with another question of the same data. */
export function askInPlan(dataset: Dataset, question: Question): void {
  const { plan, preset } = usePlan.getState();
  if (plan) show({ ...plan, question }, preset, planFacts(dataset, question));
}

export function applyPreset(preset: Preset): void {
  const { facts } = usePlan.getState();
  if (facts) show(presetPlan(preset, facts), preset);
}

/** Changes fields of the plan. A new number of steps moves the schedule of every level with it. */
export function editPlan(change: PlanChange): void {
  const { plan } = usePlan.getState();
  if (!plan) return;
  const edited = Object.fromEntries(
    Object.entries({ ...plan, ...change }).filter(([, value]) => value !== undefined),
  ) as unknown as Plan;
  const { steps } = edited;
  const moved = steps !== plan.steps && Number.isInteger(steps) && steps > 0;
  show(moved ? { ...edited, levels: edited.levels.map((spec) => inSteps(spec, plan.steps, steps)) } : edited, null);
}

/** A level for another number of steps: pruning starts over from its usual schedule, rounding begins at the same share. */
function inSteps(spec: Level, before: number, steps: number): Level {
  if (spec.kind !== 'pipeline') return stageInSteps(spec, before, steps);
  return { ...spec, stages: spec.stages.map((stage) => stageInSteps(stage, before, steps)) };
}

function stageInSteps(spec: StageSpec, before: number, steps: number): StageSpec {
  if (spec.kind === 'pruned') return pruned(spec, steps);
  if (spec.kind === 'structured') return structuredSchedule(spec.sparsity, steps, spec.norm);
  if (spec.kind !== 'qat-int8') return spec;
  return { ...spec, begin: Math.min(steps - 1, Math.round((spec.begin * steps) / Math.max(1, before))) };
}

/** Semantics, sparsity and scope on their usual schedule. */
function pruned(
  { semantics, sparsity, scope }: Pick<PrunedSpec, 'semantics' | 'sparsity' | 'scope'>,
  steps: number,
): PrunedSpec {
  const spec = semantics === 'hooker' ? hookerSchedule(sparsity, steps) : tfmotSchedule(sparsity, steps);
  return scope === 'global' ? { ...spec, scope } : spec;
}

/** Another model, with the optimizer, learning rate, schedule and loss that it usually takes. */
export function chooseModel(kind: ModelSpec['kind']): void {
  const { facts } = usePlan.getState();
  if (facts) editPlan({ loss: undefined, schedule: undefined, ...recipe(kind, facts) });
}

/** A level as a person asks for it; what else it needs follows from the plan and the data. */
export type LevelChoice =
  | Required<Pick<PrunedSpec, 'kind' | 'semantics' | 'sparsity' | 'scope'>>
  | { readonly kind: 'hybrid-int8'; readonly bits: WeightBits }
  | ({ readonly kind: 'fixed-int8'; readonly bits: WeightBits } & CalibrationChoice)
  | ({ readonly kind: 'qat-int8'; readonly begin: number } & CalibrationChoice);
export interface CalibrationChoice {
  readonly calibration: number;
  readonly draw: CalibrationDraw['kind'] | 'first';
}

/** The first 100 training examples, or all of fewer. */
export function usualCalibration(facts: PlanState['facts']): CalibrationChoice {
  return { calibration: facts === null ? 1 : calibrationOf(facts), draw: 'first' };
}

/** What a level would cost in this plan; null where no model can be built. */
export function levelCosts(choice: LevelChoice): LevelCosts | null {
  const { plan, facts } = usePlan.getState();
  if (!plan || !facts) return null;
  const spec = levelOf(choice, plan);
  return runCosts({ ...plan, levels: [spec] }, facts)?.levels[1] ?? null;
}

/** Adds a level, or puts it in the place of the one with the same name. */
export function addLevel(choice: LevelChoice): void {
  const { plan, facts } = usePlan.getState();
  if (!plan || !facts) return;
  const spec = levelOf(choice, plan);
  const others = plan.levels.filter((level) => levelName(level) !== levelName(spec));
  editPlan({ levels: [...others, spec].sort((a, b) => rank(a) - rank(b)) });
}

function levelOf(choice: LevelChoice, { steps, seed }: Plan): Level {
  switch (choice.kind) {
    case 'pruned':
      return pruned(choice, steps);
    case 'hybrid-int8':
      return { kind: choice.kind, tensors: 'tflite-faithful', ...bitsOf(choice) };
    case 'fixed-int8':
      return { kind: choice.kind, ...calibrationSpec(choice, seed), ...bitsOf(choice) };
    case 'qat-int8':
      return { kind: choice.kind, begin: choice.begin, ...calibrationSpec(choice, seed) };
    default:
      return choice satisfies never;
  }
}

const bitsOf = ({ bits }: { readonly bits: WeightBits }): { readonly bits?: WeightBits } =>
  bits === 8 ? {} : { bits };

/** The calibration as chosen; what is drawn is drawn with the seed of the plan. */
function calibrationSpec({ calibration, draw }: CalibrationChoice, seed: number): CalibrationSpec {
  return draw === 'first' ? { calibration } : { calibration, draw: { kind: draw, seed } };
}

/** Levels stand by the way of pruning and rising sparsity, then the quantized ones, each with fewer and fewer bits. */
function rank(level: CompressionSpec): number {
  const kinds = [
    'baseline',
    'hooker',
    'tfmot',
    'hooker global',
    'tfmot global',
    'structured',
    'distilled',
    'hybrid-int8',
    'fixed-int8',
    'qat-int8',
    'pipeline',
  ];
  if (level.kind === 'pruned')
    return kinds.indexOf(`${level.semantics}${level.scope === 'global' ? ' global' : ''}`) + level.sparsity;
  if (level.kind === 'structured') return kinds.indexOf(level.kind) + level.sparsity;
  return kinds.indexOf(level.kind) + ('bits' in level ? 1 / (level.bits ?? 8) : 1 / 8);
}

export function removeLevel(level: string): void {
  const { plan } = usePlan.getState();
  if (plan) editPlan({ levels: plan.levels.filter((spec) => levelName(spec) !== level) });
}

/** All pruned levels under these semantics, each sparsity once. */
export function pruneAs(semantics: PruningSemantics): void {
  const { plan } = usePlan.getState();
  if (!plan) return;
  const levels = plan.levels.map((spec) =>
    spec.kind === 'pruned' ? pruned({ ...spec, semantics }, plan.steps) : spec,
  );
  const names = levels.map(levelName);
  editPlan({ levels: levels.filter((spec, index) => names.indexOf(levelName(spec)) === index) });
}

/** The learning rate at `points` steps from the first to the last, evenly spaced. */
export function learningRates(plan: Plan, points: number): readonly number[] {
  return Array.from({ length: points }, (_, i) =>
    learningRateAt(plan, 1 + Math.round((i * (plan.steps - 1)) / Math.max(1, points - 1))),
  );
}

/** Notes how long a step of a member took on average in a run of `plan`. */
export function measurePace(plan: Plan, msPerMemberStep: number): void {
  const { facts } = usePlan.getState();
  const costs = facts?.dataset.hash === plan.dataset.hash ? runCosts(plan, facts) : null;
  if (!costs) return;
  const msPerOperation = (msPerMemberStep * costs.totalSteps) / costs.operations;
  usePlan.setState({ pace: { msPerOperation, macsStep: costs.member.macsStep } });
}

/** Puts back the plan of a kept audit of these data. */
export function showPlan(plan: Plan, dataset: Dataset): void {
  show(plan, null, planFacts(dataset, plan.question));
}

export function savePlanFile(): void {
  const { plan } = usePlan.getState();
  if (plan) saveFile(fileName(`plan ${plan.dataset.name}`, '.json'), planJson(plan), 'application/json');
}
