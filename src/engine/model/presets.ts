import { hookerSchedule } from '#compression/schedule.ts';
import type { ModelSpec, OptimizerSpec, Plan } from '#engine/model/plan.ts';
import type { Shape } from '#engine/model/program.ts';

export type PresetName = 'one-minute' | 'class-hour' | 'paper';

/** What a plan must fit: the data and the question. */
export interface PlanFacts {
  readonly dataset: { readonly name: string; readonly hash: string };
  readonly question: Plan['question'];
  readonly kind: 'images' | 'table';
  /** [height, width, channels] of an example; [1, 1, inputs] of a table. */
  readonly input: Shape;
  /** Values of the target. */
  readonly classes: number;
  /** All examples; those that are trained on and those that are audited, both with a label. */
  readonly examples: number;
  readonly trainExamples: number;
  readonly auditExamples: number;
}

interface Preset {
  readonly members: number;
  readonly steps: number;
  readonly batchSize: number;
  /** What it takes of a model's usual learning rate: less over many steps. */
  readonly rateShare: number;
  readonly sparsities: readonly number[];
}

const PRESETS: Readonly<Record<PresetName, Preset>> = {
  'one-minute': { members: 10, steps: 300, batchSize: 64, rateShare: 1, sparsities: [0.5, 0.9, 0.95] },
  'class-hour': {
    members: 30,
    steps: 2000,
    batchSize: 64,
    rateShare: 0.5,
    sparsities: [0.3, 0.5, 0.7, 0.9, 0.95, 0.99],
  },
  paper: { members: 30, steps: 10_000, batchSize: 256, rateShare: 0.5, sparsities: [0.3, 0.5, 0.7, 0.9, 0.95, 0.99] },
};

const ADAM: OptimizerSpec = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

type Recipe = Pick<Plan, 'model' | 'learningRate' | 'optimizer'> & Partial<Pick<Plan, 'loss' | 'schedule'>>;

/** What each model starts from: rates at which 300 steps of 64 examples learn the built-in data. */
const RECIPES: Readonly<Record<ModelSpec['kind'], Recipe>> = {
  'cnn-small': {
    model: { kind: 'cnn-small', filters: [16, 32], dense: [64] },
    learningRate: 0.002,
    optimizer: ADAM,
  },
  // Three stages of one block: the eight layers of its name.
  'resnet-8': { model: { kind: 'resnet-8', filters: [8, 16, 32], blocks: 1 }, learningRate: 0.003, optimizer: ADAM },
  // Kamal & Talbert (2024): eight hidden layers, Adam, and binary cross-entropy where there are two classes.
  mlp: { model: { kind: 'mlp', hidden: [32, 32, 32, 32, 32, 32, 32, 32] }, learningRate: 0.002, optimizer: ADAM },
};

/** Model, optimizer, learning rate, loss and schedule to start from; without `loss` and `schedule` where they are the usual ones. */
export function recipe(kind: ModelSpec['kind'], facts: Pick<PlanFacts, 'classes'>): Recipe {
  return kind === 'mlp' && facts.classes === 2 ? { ...RECIPES.mlp, loss: 'logistic' } : RECIPES[kind];
}

/** A student for the model: every layer half as wide, at least 1. */
export function studentOf(model: ModelSpec): ModelSpec {
  const half = (widths: readonly number[]): readonly number[] => widths.map((width) => Math.ceil(width / 2));
  switch (model.kind) {
    case 'cnn-small':
      return { ...model, filters: half(model.filters), dense: half(model.dense) };
    case 'mlp':
      return { ...model, hidden: half(model.hidden) };
    case 'resnet-8':
      return { ...model, filters: half(model.filters) };
    default:
      return model satisfies never;
  }
}

const SEED = 1;

/** Calibration examples: the first 100 that are trained on, as Hooker et al. (2020) take, or all of fewer. */
export function calibrationOf({ trainExamples }: Pick<PlanFacts, 'trainExamples'>): number {
  return Math.max(1, Math.min(100, trainExamples));
}

/**
 * A plan for the data, ready to run. `one-minute`: 10 members, three levels and int8; `class-hour`: 30 members, six levels and
 * int8; `paper`: 30 members, 10,000 steps, batch 256 as in Hooker et al. Images get the small CNN, tables the MLP. Where there
 * are fewer training examples than a batch or the calibration takes, it takes them all.
 */
export function presetPlan(name: PresetName, facts: PlanFacts): Plan {
  const preset = PRESETS[name];
  const { target, positive, attributes, minCount } = facts.question;
  const usual = recipe(facts.kind === 'images' ? 'cnn-small' : 'mlp', facts);
  return {
    schemaVersion: 1,
    dataset: { name: facts.dataset.name, hash: facts.dataset.hash },
    question: { target, positive, attributes, minCount },
    ...usual,
    learningRate: preset.rateShare * usual.learningRate,
    members: preset.members,
    steps: preset.steps,
    batchSize: Math.max(1, Math.min(preset.batchSize, facts.trainExamples)),
    seed: SEED,
    levels: [
      ...preset.sparsities.map((sparsity) => hookerSchedule(sparsity, preset.steps)),
      { kind: 'hybrid-int8', tensors: 'tflite-faithful' },
      { kind: 'fixed-int8', calibration: calibrationOf(facts) },
    ],
  };
}
