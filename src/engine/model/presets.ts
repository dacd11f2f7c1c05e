import { hookerSchedule } from '#compression/schedule.ts';
import type { ModelSpec, OptimizerSpec, Plan } from '#engine/model/plan.ts';

export type PresetName = 'one-minute' | 'class-hour' | 'paper';

/** What a plan must fit. */
export interface PlanFacts {
  readonly dataset: { readonly name: string; readonly hash: string };
  readonly question: Plan['question'];
  readonly kind: 'images' | 'table';
  readonly trainExamples: number;
}

interface Preset {
  readonly members: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly sparsities: readonly number[];
}

const PRESETS: Readonly<Record<PresetName, Preset>> = {
  'one-minute': { members: 10, steps: 300, batchSize: 64, learningRate: 0.002, sparsities: [0.5, 0.9, 0.95] },
  'class-hour': {
    members: 30,
    steps: 2000,
    batchSize: 64,
    learningRate: 0.001,
    sparsities: [0.3, 0.5, 0.7, 0.9, 0.95, 0.99],
  },
  paper: {
    members: 30,
    steps: 10_000,
    batchSize: 256,
    learningRate: 0.001,
    sparsities: [0.3, 0.5, 0.7, 0.9, 0.95, 0.99],
  },
};

const MODELS: Readonly<Record<PlanFacts['kind'], ModelSpec>> = {
  images: { kind: 'cnn-small', filters: [16, 32], dense: [64] },
  table: { kind: 'mlp', hidden: [32, 32, 32, 32, 32, 32, 32, 32] }, // Kamal & Talbert (2024): eight hidden layers
};

const ADAM: OptimizerSpec = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
const SEED = 1;
/** Hooker et al. (2020) calibrate on the first 100 training examples. */
const CALIBRATION = 100;

/**
 * A plan for the data, ready to run. `one-minute`: 10 members, three levels and int8; `class-hour`: 30 members, six levels and
 * int8; `paper`: 30 members, 10,000 steps, batch 256 as in Hooker et al. Where there are fewer training examples than a batch
 * or the calibration takes, it takes them all.
 */
export function presetPlan(name: PresetName, facts: PlanFacts): Plan {
  const preset = PRESETS[name];
  const atMostAll = (count: number): number => Math.max(1, Math.min(count, facts.trainExamples));
  const { target, positive, attributes, minCount } = facts.question;
  return {
    schemaVersion: 1,
    dataset: { name: facts.dataset.name, hash: facts.dataset.hash },
    question: { target, positive, attributes, minCount },
    model: MODELS[facts.kind],
    members: preset.members,
    steps: preset.steps,
    batchSize: atMostAll(preset.batchSize),
    learningRate: preset.learningRate,
    optimizer: ADAM,
    seed: SEED,
    levels: [
      ...preset.sparsities.map((sparsity) => hookerSchedule(sparsity, preset.steps)),
      { kind: 'hybrid-int8', tensors: 'tflite-faithful' },
      { kind: 'fixed-int8', calibration: atMostAll(CALIBRATION) },
    ],
  };
}
