import type { CompressionSpec } from '#compression/spec.ts';
import { levelName } from '#compression/spec.ts';
import type { ModelSpec, OptimizerSpec, Plan } from '#engine/model/plan.ts';
import type { PlanFacts } from '#engine/model/presets.ts';

/** What keeps a plan from running, as a sentence that says what to do. */
export interface PlanProblem {
  readonly field: keyof Plan;
  readonly message: string;
}

/** Limits that keep a run within reach of a browser. */
const MOST = { members: 500, steps: 1_000_000, batchSize: 4096, layers: 16, units: 4096 } as const;

/** Everything that is wrong with a plan for these data, in the order of the plan's fields; empty when it can run. */
export function planProblems(plan: Plan, facts: PlanFacts): readonly PlanProblem[] {
  const about = (field: keyof Plan, messages: readonly (string | null)[]): PlanProblem[] =>
    messages.filter((message) => message !== null).map((message) => ({ field, message }));
  return [
    ...about('dataset', datasetProblems(plan, facts)),
    ...about('question', questionProblems(plan.question)),
    ...about('model', modelProblems(plan.model, facts.kind)),
    ...about('members', [
      plan.members === 1
        ? 'One member has no majority and no spread: a population needs at least 2.'
        : countProblem('members', plan.members, 2, MOST.members),
    ]),
    ...about('steps', [countProblem('training steps', plan.steps, 1, MOST.steps)]),
    ...about('batchSize', batchProblems(plan.batchSize, facts.trainExamples)),
    ...about('learningRate', [
      plan.learningRate > 0 && Number.isFinite(plan.learningRate)
        ? null
        : `The learning rate must be a number above 0, not ${shown(plan.learningRate)}: at 0 nothing is learned.`,
    ]),
    ...about('optimizer', optimizerProblems(plan.optimizer)),
    ...about('seed', [
      Number.isSafeInteger(plan.seed) && plan.seed >= 0
        ? null
        : `The seed must be a whole number from 0 to ${shown(Number.MAX_SAFE_INTEGER)}, not ${shown(plan.seed)}.`,
    ]),
    ...about('levels', levelProblems(plan, facts.trainExamples)),
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

function modelProblems(model: ModelSpec, kind: PlanFacts['kind']): Messages {
  const convolutions = model.kind === 'cnn-small' ? model.filters : [];
  const dense = model.kind === 'cnn-small' ? model.dense : model.hidden;
  return [
    model.kind === 'cnn-small' && kind === 'table'
      ? 'A convolutional model needs images: choose mlp for a table.'
      : null,
    convolutions.length + dense.length > MOST.layers
      ? `A model can have at most ${shown(MOST.layers)} hidden layers.`
      : null,
    ...convolutions.map((count) => countProblem('filters of a layer', count, 1, MOST.units)),
    ...dense.map((count) => countProblem('units of a layer', count, 1, MOST.units)),
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
  if (optimizer.kind === 'sgd') return [share('The momentum', optimizer.momentum)];
  return [
    share("Adam's beta 1", optimizer.beta1),
    share("Adam's beta 2", optimizer.beta2),
    optimizer.epsilon > 0 && Number.isFinite(optimizer.epsilon)
      ? null
      : `Adam's epsilon must be a number above 0, not ${shown(optimizer.epsilon)}.`,
  ];
}

function levelProblems(plan: Plan, trainExamples: number): Messages {
  const names = plan.levels.map(levelName);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  return [
    plan.levels.length === 0
      ? 'Choose at least one level: without one there is nothing to compare with the baseline.'
      : null,
    twice === undefined ? null : `The level ${twice} is listed twice.`,
    ...plan.levels.flatMap((spec) => specProblems(spec, plan.steps, trainExamples)),
  ];
}

function specProblems(spec: CompressionSpec, steps: number, trainExamples: number): Messages {
  switch (spec.kind) {
    case 'pruned':
      return [
        spec.sparsity > 0 && spec.sparsity < 1
          ? null
          : `A sparsity must be above 0 (that is the baseline) and below 1 (no weight would remain), not ${shown(spec.sparsity)}.`,
        isCount(spec.begin, 1, steps) && isCount(spec.end, spec.begin, steps)
          ? null
          : `The pruning of ${levelName(spec)} must begin and end within the ${shown(steps)} steps, not from ${shown(spec.begin)} to ${shown(spec.end)}.`,
        countProblem('steps between two prunings', spec.every, 1, MOST.steps),
      ];
    case 'fixed-int8':
      return [countProblem('calibration examples', spec.calibration, 1, Math.max(1, trainExamples))];
    case 'hybrid-int8':
    case 'baseline':
      return [];
    default:
      return spec satisfies never;
  }
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
