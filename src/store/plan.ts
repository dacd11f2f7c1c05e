import { create } from 'zustand';
import { levelName, type CompressionSpec } from '#compression/spec.ts';
import { hookerSchedule } from '#compression/schedule.ts';
import { SPLIT_TRAIN, type Dataset, type Question } from '#dataset/dataset.ts';
import type { Plan } from '#engine/model/plan.ts';
import { presetPlan, type PlanFacts } from '#engine/model/presets.ts';
import { planJson } from '#engine/model/plan-file.ts';
import { planProblems } from '#engine/model/validate-plan.ts';
import { fileName, saveFile } from './save-file.ts';
import type { PlanState, Preset } from './state.ts';

export const usePlan = create<PlanState>(() => ({
  plan: null,
  preset: null,
  problems: [],
  msPerMemberStep: null,
}));

let facts: PlanFacts | null = null;

function show(plan: Plan, preset: Preset | null): void {
  usePlan.setState({ plan, preset, problems: facts ? planProblems(plan, facts) : [] });
}

/** A fresh plan for these data and this question. */
export function resetPlan(dataset: Dataset, question: Question, preset: Preset = 'one-minute'): void {
  facts = factsOf(dataset, question);
  show(presetPlan(preset, facts), preset);
}

function factsOf(dataset: Dataset, question: Question): PlanFacts {
  return {
    dataset: { name: dataset.name, hash: dataset.hash },
    question,
    kind: dataset.features.kind,
    trainExamples: dataset.split.reduce((count, split) => count + (split === SPLIT_TRAIN ? 1 : 0), 0),
  };
}

/** The same plan with another question of the same data. */
export function askInPlan(dataset: Dataset, question: Question): void {
  const { plan, preset } = usePlan.getState();
  facts = factsOf(dataset, question);
  if (plan) show({ ...plan, question }, preset);
}

export function applyPreset(preset: Preset): void {
  if (facts) show(presetPlan(preset, facts), preset);
}

/** Changes fields of the plan. A new number of steps moves every pruning schedule with it. */
export function editPlan(change: Partial<Plan>): void {
  const { plan } = usePlan.getState();
  if (!plan) return;
  const edited = { ...plan, ...change };
  const levels =
    change.steps !== undefined && change.steps !== plan.steps && Number.isInteger(change.steps) && change.steps > 0
      ? edited.levels.map((spec) => (spec.kind === 'pruned' ? hookerSchedule(spec.sparsity, edited.steps) : spec))
      : edited.levels;
  show({ ...edited, levels }, null);
}

/** Where unpruned levels stand; pruned ones go before them, by semantics and sparsity. */
const LEVEL_RANKS = { baseline: 0, 'hybrid-int8': 2, 'fixed-int8': 3, 'qat-int8': 4 } as const;

/** Adds a level, or puts it in the place of the one with the same name. */
export function addLevel(spec: Exclude<CompressionSpec, { kind: 'baseline' }>): void {
  const { plan } = usePlan.getState();
  if (!plan) return;
  const others = plan.levels.filter((level) => levelName(level) !== levelName(spec));
  const rank = (level: CompressionSpec): number =>
    level.kind === 'pruned' ? level.sparsity + Number(level.semantics === 'tfmot') : LEVEL_RANKS[level.kind];
  editPlan({ levels: [...others, spec].sort((a, b) => rank(a) - rank(b)) });
}

export function removeLevel(level: string): void {
  const { plan } = usePlan.getState();
  if (plan) editPlan({ levels: plan.levels.filter((spec) => levelName(spec) !== level) });
}

/** Puts back the plan of a kept audit of these data. */
export function showPlan(plan: Plan, dataset: Dataset): void {
  facts = factsOf(dataset, plan.question);
  show(plan, null);
}

export function savePlanFile(): void {
  const { plan } = usePlan.getState();
  if (plan) saveFile(fileName(`plan ${plan.dataset.name}`, '.json'), planJson(plan), 'application/json');
}
