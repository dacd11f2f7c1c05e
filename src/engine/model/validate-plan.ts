import { MOST_SHIFT } from '#engine/model/augmentation.ts';
import { runCosts } from '#engine/model/costs.ts';
import type { OptimizerSpec, Plan, ScheduleSpec } from '#engine/model/plan.ts';
import type { Messages } from '#engine/model/plan-words.ts';
import { MOST_STEPS, countProblem, isCount, seedProblem, shown } from '#engine/model/plan-words.ts';
import type { PlanFacts } from '#engine/model/presets.ts';
import { levelProblems } from '#engine/model/validate-levels.ts';
import { modelProblems } from '#engine/model/validate-model.ts';

/** What keeps a plan from running, as a sentence that says what to do. */
export interface PlanProblem {
  readonly field: keyof Plan;
  readonly message: string;
}

/** Limits that keep a run within reach of a browser; those of a model are in validate-model.ts. */
const MOST = {
  members: 500,
  steps: MOST_STEPS,
  batchSize: 4096,
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
    ...about('levels', levelProblems(plan, facts, { hasSteps, hasModel: shape.length === 0 })),
  ];
}

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

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
