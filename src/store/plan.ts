import { create } from 'zustand';
import type { WeightBits } from '#compression/quantize.ts';
import {
  levelName,
  type CalibrationDraw,
  type CalibrationSpec,
  type CompressionSpec,
  type DistilledSpec,
  type PrunedSpec,
  type PruningSemantics,
  type StageSpec,
  type StructuredSpec,
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
  return inStages(spec, (stage) => stageInSteps(stage, before, steps));
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
export type LevelChoice = StageChoice | { readonly kind: 'pipeline'; readonly stages: readonly StageChoice[] };
export type StageChoice =
  | Required<Pick<PrunedSpec, 'kind' | 'semantics' | 'sparsity' | 'scope'>>
  | Pick<StructuredSpec, 'kind' | 'norm' | 'sparsity'>
  | DistilledSpec
  | { readonly kind: 'hybrid-int8'; readonly bits: WeightBits }
  | ({ readonly kind: 'fixed-int8'; readonly bits: WeightBits } & CalibrationChoice)
  | ({ readonly kind: 'qat-int8'; readonly begin: number } & CalibrationChoice);
export interface CalibrationChoice {
  readonly calibration: number;
  readonly draw: CalibrationDraw['kind'] | 'first';
}

/** A student for the model to distil into: every layer half as wide. */
export { studentOf } from '#engine/model/presets.ts';

/** The first 100 training examples, or all of fewer. */
export function usualCalibration(facts: PlanState['facts']): CalibrationChoice {
  return { calibration: facts === null ? 1 : calibrationOf(facts), draw: 'first' };
}

/** A level before it is added: what keeps it from being made in this plan, or what it would cost. */
export interface LevelOutlook {
  /** One sentence; null where it can be made. */
  readonly problem: string | null;
  /** null where there is a problem, and where no model can be built. */
  readonly costs: LevelCosts | null;
}

export function levelOutlook(choice: LevelChoice): LevelOutlook {
  const { plan, facts, problems } = usePlan.getState();
  if (!plan || !facts) return { problem: null, costs: null };
  const { levels, name } = withLevel(plan, choice);
  const known = new Set(problems.map(({ message }) => message));
  const added = planProblems({ ...plan, levels }, facts).find(
    ({ field, message }) => field === 'levels' && !known.has(message),
  );
  if (added) return { problem: added.message, costs: null };
  const costs = runCosts({ ...plan, levels }, facts)?.levels.find(({ level }) => level === name) ?? null;
  return { problem: null, costs };
}

/** Adds a level, or puts it in the place of the one with the same name. */
export function addLevel(choice: LevelChoice): void {
  const { plan } = usePlan.getState();
  if (plan) editPlan({ levels: withLevel(plan, choice).levels });
}

function withLevel(plan: Plan, choice: LevelChoice): { readonly levels: readonly Level[]; readonly name: string } {
  const spec = levelOf(choice, plan);
  const name = levelName(spec);
  const others = plan.levels.filter((level) => levelName(level) !== name);
  return { levels: [...others, spec].sort((a, b) => rank(a) - rank(b)), name };
}

/** A stage of a pipeline is the population of that name which the plan trains already, where it does. */
function levelOf(choice: LevelChoice, plan: Plan): Level {
  if (choice.kind !== 'pipeline') return stageOf(choice, plan);
  const known = stagesIn(plan.levels);
  const stages = choice.stages.map((own) => {
    const stage = stageOf(own, plan);
    return known.find((other) => levelName(other) === levelName(stage)) ?? stage;
  });
  return { kind: 'pipeline', stages };
}

/** Every level that is no pipeline, and every stage of the pipelines. */
function stagesIn(levels: readonly Level[]): readonly StageSpec[] {
  return levels.flatMap((level) => (level.kind === 'pipeline' ? level.stages : [level]));
}

function stageOf(choice: StageChoice, { steps, seed }: Plan): StageSpec {
  switch (choice.kind) {
    case 'pruned':
      return pruned(choice, steps);
    case 'structured':
      return structuredSchedule(choice.sparsity, steps, choice.norm);
    case 'distilled':
      return choice;
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

/** What prunes on a schedule: whole populations of their own, and first stages of pipelines, each once. */
export type ScheduledSpec = PrunedSpec | StructuredSpec;
export function scheduledSpecs(levels: readonly Level[]): readonly ScheduledSpec[] {
  const specs = stagesIn(levels).filter((spec) => spec.kind === 'pruned' || spec.kind === 'structured');
  return [...new Map(specs.map((spec) => [levelName(spec), spec])).values()];
}

/** Changes every schedule of the plan, also in pipelines. */
export function editSchedules(change: <S extends ScheduledSpec>(spec: S) => S): void {
  const { plan } = usePlan.getState();
  const changed = (spec: StageSpec): StageSpec =>
    spec.kind === 'pruned' || spec.kind === 'structured' ? change(spec) : spec;
  if (plan) editPlan({ levels: plan.levels.map((level) => inStages(level, changed)) });
}

function inStages(level: Level, change: (stage: StageSpec) => StageSpec): Level {
  return level.kind === 'pipeline' ? { ...level, stages: level.stages.map(change) } : change(level);
}

/** All pruned levels under these semantics, each sparsity once. */
export function pruneAs(semantics: PruningSemantics): void {
  const { plan } = usePlan.getState();
  if (!plan) return;
  const levels = plan.levels.map((level) =>
    inStages(level, (spec) => (spec.kind === 'pruned' ? pruned({ ...spec, semantics }, plan.steps) : spec)),
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
