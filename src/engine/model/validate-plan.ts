import type { CalibrationSpec, CompressionSpec, PrunedSpec } from '#compression/spec.ts';
import { levelName } from '#compression/spec.ts';
import { MOST_SHIFT } from '#engine/model/augmentation.ts';
import { runCosts } from '#engine/model/costs.ts';
import type { ModelSpec, OptimizerSpec, Plan, ScheduleSpec } from '#engine/model/plan.ts';
import type { PlanFacts } from '#engine/model/presets.ts';

/** What keeps a plan from running, as a sentence that says what to do. */
export interface PlanProblem {
  readonly field: keyof Plan;
  readonly message: string;
}

/** Limits that keep a run within reach of a browser. */
const MOST = {
  members: 500,
  steps: 1_000_000,
  batchSize: 4096,
  layers: 16,
  units: 4096,
  stages: 4,
  blocks: 4,
  /** Weights, gradients, optimizer state and activations of one member while it trains. */
  memberBytes: 1e9,
} as const;

/** Everything that is wrong with a plan for these data, in the order of the plan's fields; empty when it can run. */
export function planProblems(plan: Plan, facts: PlanFacts): readonly PlanProblem[] {
  const about = (field: keyof Plan, messages: readonly (string | null)[]): PlanProblem[] =>
    messages.filter((message) => message !== null).map((message) => ({ field, message }));
  const hasSteps = isCount(plan.steps, 1, MOST.steps);
  const shape = [
    ...about('model', modelProblems(plan.model, facts)),
    ...about('loss', [lossProblem(plan.loss, facts.classes)]),
  ];
  const batch = about('batchSize', batchProblems(plan.batchSize, facts.trainExamples));
  return [
    ...about('dataset', datasetProblems(plan, facts)),
    ...about('question', questionProblems(plan.question)),
    ...shape,
    ...(shape.length + batch.length === 0 ? about('model', [memoryProblem(plan, facts)]) : []),
    ...about('members', [
      plan.members === 1
        ? 'One member has no majority and no spread: a population needs at least 2.'
        : countProblem('members', plan.members, 2, MOST.members),
    ]),
    ...about('steps', [countProblem('training steps', plan.steps, 1, MOST.steps)]),
    ...batch,
    ...about('learningRate', [
      plan.learningRate > 0 && Number.isFinite(plan.learningRate)
        ? null
        : `The learning rate must be a number above 0, not ${shown(plan.learningRate)}: at 0 nothing is learned.`,
    ]),
    // Without a number of steps no schedule fits: one problem is said, not its shadow too.
    ...(hasSteps ? about('schedule', scheduleProblems(plan.schedule, plan.steps)) : []),
    ...about('augmentation', augmentationProblems(plan.augmentation, facts)),
    ...about('optimizer', optimizerProblems(plan.optimizer)),
    ...about('seed', [seedProblem('The seed', plan.seed)]),
    ...about('levels', listProblems(plan.levels)),
    ...(hasSteps
      ? about(
          'levels',
          plan.levels.flatMap((spec) => specProblems(spec, plan.steps, facts.trainExamples)),
        )
      : []),
  ];
}

type Messages = readonly (string | null)[];

function datasetProblems(plan: Plan, facts: PlanFacts): Messages {
  return [
    plan.dataset.hash === facts.dataset.hash
      ? null
      : `The plan was made for other data ("${plan.dataset.name}"): load those, or start a new plan.`,
    facts.trainExamples > 0 ? null : 'The data have no training examples: choose another split.',
  ];
}

function questionProblems(question: Plan['question']): Messages {
  return [
    question.target === '' ? 'Choose the column that the models predict.' : null,
    question.attributes.includes(question.target)
      ? `"${question.target}" is what the models predict and cannot be an attribute as well.`
      : null,
    new Set(question.attributes).size < question.attributes.length ? 'An attribute is named twice.' : null,
    countProblem('examples that a rate needs at least', question.minCount, 1, Number.MAX_SAFE_INTEGER),
  ];
}

function modelProblems(model: ModelSpec, { kind, input }: PlanFacts): Messages {
  if (model.kind !== 'mlp' && kind === 'table') return ['A convolutional model needs images: choose mlp for a table.'];
  const layers = [
    ...(model.kind === 'mlp' ? model.hidden : model.filters),
    ...(model.kind === 'cnn-small' ? model.dense : []),
  ];
  const side = Math.min(input[0], input[1]);
  return [
    model.kind === 'resnet-8'
      ? countProblem('stages', model.filters.length, 1, MOST.stages)
      : layers.length > MOST.layers
        ? `A model can have at most ${shown(MOST.layers)} hidden layers.`
        : null,
    model.kind === 'resnet-8' ? countProblem('blocks of a stage', model.blocks, 1, MOST.blocks) : null,
    model.kind === 'cnn-small' ? halvingProblem(side, model.filters.length, 'convolutions') : null,
    model.kind === 'resnet-8' ? halvingProblem(side, model.filters.length - 1, 'stages after the first') : null,
    ...(model.kind === 'mlp' ? [] : model.filters).map((count) =>
      countProblem('filters of a layer', count, 1, MOST.units),
    ),
    ...(model.kind === 'resnet-8' ? [] : model.kind === 'mlp' ? model.hidden : model.dense).map((count) =>
      countProblem('units of a layer', count, 1, MOST.units),
    ),
  ];
}

/** Each convolution with its pool, and each later stage, halves the image: at the end at least one pixel must be left. */
function halvingProblem(side: number, halvings: number, what: string): string | null {
  const most = Math.floor(Math.log2(side));
  if (halvings <= most) return null;
  return `Images of ${shown(side)} pixels can be halved ${shown(most)} times: use at most ${shown(most)} ${what}, not ${shown(halvings)}.`;
}

function lossProblem(loss: Plan['loss'], classes: number): string | null {
  if (loss !== 'logistic' || classes === 2) return null;
  return `The logistic loss needs two classes, and the target has ${shown(classes)}: choose softmax.`;
}

function memoryProblem(plan: Plan, facts: PlanFacts): string | null {
  const member = runCosts(plan, facts)?.member;
  if (member === undefined) return null;
  const bytes = member.stateBytes + member.activationBytes;
  if (bytes <= MOST.memberBytes) return null;
  const remedy =
    member.stateBytes > member.activationBytes ? 'a narrower model' : 'a smaller batch, or a narrower model';
  return `One member would take ${gigabytes(bytes)} of memory while it trains, and ${gigabytes(MOST.memberBytes)} is the most: choose ${remedy}.`;
}

function scheduleProblems(schedule: ScheduleSpec | undefined, steps: number): Messages {
  switch (schedule?.kind) {
    case undefined:
    case 'constant':
      return [];
    case 'cosine':
      return [countProblem('warmup steps', schedule.warmup, 0, steps - 1)];
    case 'step':
      return [
        schedule.at.length > 0 &&
        schedule.at.every((at, i) => isCount(at, 1, steps) && (i === 0 || at > schedule.at[i - 1]!))
          ? null
          : `The steps after which the learning rate changes must be whole numbers from 1 to ${shown(steps)}, in rising order: name at least one, or choose a constant rate.`,
        schedule.factor > 0 && schedule.factor <= 1
          ? null
          : `The factor of the learning rate must be above 0 and at most 1, not ${shown(schedule.factor)}.`,
      ];
    default:
      return schedule satisfies never;
  }
}

function augmentationProblems(augmentation: Plan['augmentation'], { kind, input }: PlanFacts): Messages {
  if (augmentation === undefined) return [];
  if (kind === 'table') return ['Only images can be mirrored or moved: train a table without augmentation.'];
  const most = Math.max(0, Math.min(MOST_SHIFT, Math.ceil(Math.min(input[0], input[1]) / 2) - 1));
  if (isCount(augmentation.shift, 0, most)) return [];
  return [
    `Images can be moved by a whole number of pixels from 0 to ${shown(most)}, below half of their side, not ${shown(augmentation.shift)}.`,
  ];
}

function batchProblems(batchSize: number, trainExamples: number): Messages {
  const problem = countProblem('examples in a batch', batchSize, 1, MOST.batchSize);
  if (problem !== null || batchSize <= trainExamples || trainExamples === 0) return [problem];
  return [
    `A batch of ${shown(batchSize)} is larger than the ${shown(trainExamples)} training examples: make it smaller.`,
  ];
}

function optimizerProblems(optimizer: OptimizerSpec): Messages {
  const share = (name: string, value: number): string | null =>
    value >= 0 && value < 1 ? null : `${name} must be at least 0 and below 1, not ${shown(value)}.`;
  const { weightDecay = 0 } = optimizer;
  const decay =
    weightDecay >= 0 && Number.isFinite(weightDecay)
      ? null
      : `The weight decay must be a number from 0, not ${shown(weightDecay)}.`;
  if (optimizer.kind === 'sgd') return [share('The momentum', optimizer.momentum), decay];
  return [
    share("Adam's beta 1", optimizer.beta1),
    share("Adam's beta 2", optimizer.beta2),
    optimizer.epsilon > 0 && Number.isFinite(optimizer.epsilon)
      ? null
      : `Adam's epsilon must be a number above 0, not ${shown(optimizer.epsilon)}.`,
    decay,
  ];
}

function listProblems(levels: Plan['levels']): Messages {
  const names = levels.map(levelName);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  return [
    levels.length === 0
      ? 'Choose at least one level: without one there is nothing to compare with the baseline.'
      : null,
    twice === undefined ? null : `The level ${twice} is listed twice: take one of them away.`,
  ];
}

function specProblems(spec: CompressionSpec, steps: number, trainExamples: number): Messages {
  switch (spec.kind) {
    case 'pruned':
      return prunedProblems(spec, steps);
    case 'fixed-int8':
      return [...calibrationProblems(spec, trainExamples), bitsProblem(spec.bits)];
    case 'qat-int8':
      return [
        countProblem('steps in float before rounding begins', spec.begin, 0, steps - 1),
        ...calibrationProblems(spec, trainExamples),
      ];
    case 'hybrid-int8':
      return [bitsProblem(spec.bits)];
    case 'baseline':
      return [];
    default:
      return spec satisfies never;
  }
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

function seedProblem(what: string, seed: number): string | null {
  if (isCount(seed, 0, Number.MAX_SAFE_INTEGER)) return null;
  return `${what} must be a whole number from 0 to ${shown(Number.MAX_SAFE_INTEGER)}, not ${shown(seed)}.`;
}

function prunedProblems(spec: PrunedSpec, steps: number): Messages {
  const { semantics, sparsity, begin, end, every } = spec;
  const within = isCount(begin, 0, steps) && isCount(end, begin, steps);
  const rest = within && isCount(every, 1, MOST.steps) ? (end - begin) % every : 0;
  return [
    sparsity > 0 && sparsity < 1
      ? null
      : `A sparsity must be above 0 (that is the baseline) and below 1 (no weight would remain), not ${shown(sparsity)}.`,
    within
      ? null
      : `The pruning of ${levelName(spec)} must begin and end within the ${shown(steps)} steps, not from ${shown(begin)} to ${shown(end)}.`,
    countProblem('steps between two prunings', every, 1, MOST.steps),
    semantics === 'tfmot' && rest !== 0
      ? `Pruned every ${shown(every)} steps from ${shown(begin)}, ${levelName(spec)} stops at step ${shown(end - rest)} short of its sparsity: end there, or choose an interval that divides ${shown(end - begin)}.`
      : null,
  ];
}

function isCount(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}

function countProblem(what: string, value: number, least: number, most: number): string | null {
  if (isCount(value, least, most)) return null;
  return `The number of ${what} must be a whole number from ${shown(least)} to ${shown(most)}, not ${shown(value)}.`;
}

function shown(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en') : String(value);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
