import { keptCount } from '#compression/mask.ts';
import type { CalibrationSpec, CompressionSpec, DistilledSpec, PipelineSpec, StageSpec } from '#compression/spec.ts';
import { isPostTraining, levelName } from '#compression/spec.ts';
import type { PruningSchedule } from '#compression/schedule.ts';
import { unitLayers } from '#compression/units.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { ModelSpec, Plan } from '#engine/model/plan.ts';
import type { Messages } from '#engine/model/plan-words.ts';
import { MOST_STEPS, countProblem, isCount, seedProblem, shown } from '#engine/model/plan-words.ts';
import type { PlanFacts } from '#engine/model/presets.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { modelProblems } from '#engine/model/validate-model.ts';

/**
 * What keeps the levels of a plan from being made. Without a number of steps (`hasSteps` false) only the list is looked at, and
 * without a model that can be built nothing is said about what its layers allow: one problem is said, not its shadow too.
 */
export function levelProblems(
  plan: Plan,
  facts: PlanFacts,
  { hasSteps, hasModel }: { readonly hasSteps: boolean; readonly hasModel: boolean },
): Messages {
  if (!hasSteps) return listProblems(plan.levels);
  const build = (model: ModelSpec): StepProgram => buildProgram(model, facts.input, facts.classes, plan.loss);
  const around: Surroundings = { steps: plan.steps, facts, program: hasModel ? build(plan.model) : null, build };
  return [...listProblems(plan.levels), ...plan.levels.flatMap((spec) => specProblems(spec, around))];
}

interface Surroundings {
  readonly steps: number;
  readonly facts: PlanFacts;
  /** Of the plan's model; null where none can be built. */
  readonly program: StepProgram | null;
  readonly build: (model: ModelSpec) => StepProgram;
}

function listProblems(levels: Plan['levels']): Messages {
  const names = levels.map(levelName);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  const stages = levels.flatMap((spec) => (spec.kind === 'pipeline' ? spec.stages.slice(0, 1) : [spec]));
  const texts = new Map<string, string>();
  const unlike = stages.find((spec) => {
    const [name, text] = [levelName(spec), sortedJson(spec)];
    if (!texts.has(name)) texts.set(name, text);
    return texts.get(name) !== text;
  });
  return [
    levels.length === 0
      ? 'Choose at least one level: without one there is nothing to compare with the baseline.'
      : null,
    twice === undefined ? null : `The level ${twice} is listed twice: take one of them away.`,
    twice !== undefined || unlike === undefined
      ? null
      : `The population ${levelName(unlike)} would be trained in two ways, as a level or as the first stage of others: give all of them the same settings.`,
  ];
}

/** The same text for equal values, whatever the order of their fields. */
function sortedJson(value: object): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function specProblems(spec: CompressionSpec, around: Surroundings): Messages {
  const { steps, facts } = around;
  switch (spec.kind) {
    case 'pruned':
      return scheduleProblems(spec, spec, steps);
    case 'structured':
      return [...scheduleProblems(spec, spec, steps), unitsProblem(spec.sparsity, around)];
    case 'distilled':
      return distilledProblems(spec, around);
    case 'fixed-int8':
      return [...calibrationProblems(spec, facts.trainExamples), bitsProblem(spec.bits)];
    case 'qat-int8':
      return [
        countProblem('steps in float before rounding begins', spec.begin, 0, steps - 1),
        ...calibrationProblems(spec, facts.trainExamples),
      ];
    case 'hybrid-int8':
      return [bitsProblem(spec.bits)];
    case 'pipeline':
      return pipelineProblems(spec, around);
    case 'baseline':
      return [];
    default:
      return spec satisfies never;
  }
}

function pipelineProblems(spec: PipelineSpec, around: Surroundings): Messages {
  const order = orderProblem(spec.stages);
  return order === null ? spec.stages.flatMap((stage) => specProblems(stage, around)) : [order];
}

/** Why these stages cannot follow each other. */
function orderProblem(stages: readonly StageSpec[]): string | null {
  const [first, second] = stages;
  if (!first || !second) return 'A pipeline has two stages: with one, choose that as a level by itself.';
  const names = stages.map(levelName).join(', then ');
  const refuse = (why: string): string => `The pipeline ${names} cannot be made: ${why}`;
  if (stages.length > 2)
    return refuse('it has more than two stages, one that trains and one that quantizes what was trained.');
  if (stages.every((stage) => isPostTraining(stage)))
    return refuse('weights can be rounded once. Choose one of the two.');
  if (isPostTraining(first)) return refuse('training would move the weights off the integers again. Quantize last.');
  if (first.kind === 'qat-int8')
    return refuse('quantization-aware training ends with int8 already. Choose one of the two.');
  if (second.kind === 'qat-int8')
    return refuse(
      'quantization-aware training starts from the initial weights, not from what another stage left. Choose a post-training quantization.',
    );
  if (!isPostTraining(second))
    return refuse('both stages train from the initial weights. The second must be a post-training quantization.');
  return null;
}

function distilledProblems({ student, temperature, weight }: DistilledSpec, around: Surroundings): Messages {
  const model = modelProblems(student, around.facts).filter((problem) => problem !== null);
  const { program } = around;
  return [
    ...model.map((problem) => `The student cannot be built: ${problem}`),
    model.length > 0 || program === null ? null : sizeProblem(program, around.build(student)),
    temperature > 0 && Number.isFinite(temperature)
      ? null
      : `The temperature of a distillation must be a number above 0, not ${shown(temperature)}.`,
    weight >= 0 && weight <= 1
      ? null
      : `The weight of the soft loss must be from 0 (labels only) to 1 (teacher only), not ${shown(weight)}.`,
  ];
}

function sizeProblem(teacher: StepProgram, student: StepProgram): string | null {
  const [own, least] = [student, teacher].map(({ tensors }) => tensors.reduce((sum, { size }) => sum + size, 0));
  if (own! < least!) return null;
  return `The student has ${shown(own!)} parameters and its teacher ${shown(least!)}: a distilled model must be the smaller one.`;
}

function unitsProblem(sparsity: number, { program }: Surroundings): string | null {
  if (program === null || !(sparsity > 0 && sparsity < 1)) return null;
  const layers = unitLayers(program);
  if (layers.some(({ units }) => keptCount(units, sparsity) < units)) return null;
  return layers.length === 0
    ? 'This model has no filters or neurons that can be removed, only the outputs of its last layer: choose a deeper model, or prune weights.'
    : `No layer of this model has so many filters or neurons that ${shown(100 * sparsity)} % of them is one: choose a higher sparsity.`;
}

function calibrationProblems({ calibration, draw }: CalibrationSpec, trainExamples: number): Messages {
  return [
    countProblem('calibration examples', calibration, 1, Math.max(1, trainExamples)),
    draw === undefined ? null : seedProblem('The seed of the calibration examples', draw.seed),
  ];
}

function bitsProblem(bits: number = 8): string | null {
  return [8, 4, 2].includes(bits) ? null : `Weights can have 8, 4 or 2 bits, not ${shown(bits)}.`;
}

function scheduleProblems(schedule: PruningSchedule, spec: CompressionSpec, steps: number): Messages {
  const { semantics, sparsity, begin, end, every } = schedule;
  const within = isCount(begin, 0, steps) && isCount(end, begin, steps);
  const rest = within && isCount(every, 1, MOST_STEPS) ? (end - begin) % every : 0;
  return [
    sparsity > 0 && sparsity < 1
      ? null
      : `A sparsity must be above 0 (that is the baseline) and below 1 (no ${spec.kind === 'structured' ? 'filter' : 'weight'} would remain), not ${shown(sparsity)}.`,
    within
      ? null
      : `The pruning of ${levelName(spec)} must begin and end within the ${shown(steps)} steps, not from ${shown(begin)} to ${shown(end)}.`,
    countProblem('steps between two prunings', every, 1, MOST_STEPS),
    semantics === 'tfmot' && rest !== 0
      ? `Pruned every ${shown(every)} steps from ${shown(begin)}, ${levelName(spec)} stops at step ${shown(end - rest)} short of its sparsity: end there, or choose an interval that divides ${shown(end - begin)}.`
      : null,
  ];
}
