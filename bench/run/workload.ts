import { buildProgram } from '#engine/model/layers.ts';
import type { ModelSpec, OptimizerSpec } from '#engine/model/plan.ts';
import type { Loss, Shape, StepProgram } from '#engine/model/program.ts';

/** A network, its batch and its optimizer: what every trainer is given alike. */
export interface Workload {
  readonly spec: ModelSpec;
  readonly input: Shape;
  readonly loss: Loss;
  readonly batch: number;
  readonly optimizer: 'sgd' | 'adam';
}

export const OPTIMIZERS: Readonly<Record<Workload['optimizer'], OptimizerSpec>> = {
  sgd: { kind: 'sgd', momentum: 0.9 },
  adam: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
};
/** Small: weights stay near where they began, so that a step costs the same from the first to the last. */
export const LEARNING_RATE = 1e-5;
export const CLASSES = 2;

/** conv 3-16, pool, conv 16-32, pool, dense 64, dense 2 on 32x32 colour images: the network of the targets. */
export const CNN: Workload = {
  spec: { kind: 'cnn-small', filters: [16, 32], dense: [64] },
  input: [32, 32, 3],
  loss: 'softmax',
  batch: 64,
  optimizer: 'sgd',
};
/** Eight hidden layers on a table of 20 columns, one logit. */
export const MLP: Workload = {
  spec: { kind: 'mlp', hidden: [32, 32, 32, 32, 32, 32, 32, 32] },
  input: [1, 1, 20],
  loss: 'logistic',
  batch: 64,
  optimizer: 'sgd',
};
export const RESNET: Workload = { ...CNN, spec: { kind: 'resnet-8', filters: [16, 32, 64], blocks: 1 } };
export const CNN_GRAY: Workload = { ...CNN, input: [28, 28, 1] };
export const CNN_LARGE_BATCH: Workload = { ...CNN, batch: 256 };
export const CNN_ADAM: Workload = { ...CNN, optimizer: 'adam' };

export function programOf({ spec, input, loss }: Workload): StepProgram {
  return buildProgram(spec, input, CLASSES, loss);
}

/** "32x32x3"; a vector is its length. */
export function imageOf({ input: [height, width, channels] }: Workload): string {
  return height === 1 && width === 1 ? String(channels) : [height, width, channels].join('x');
}

/** The model's name and what differs from its first workload: "cnn-small", "cnn-small 28x28x1", "cnn-small batch 256". */
export function nameOf(workload: Workload): string {
  const { spec, batch, optimizer } = workload;
  const image = imageOf(workload);
  const usual = spec.kind === 'mlp' ? MLP : CNN;
  return [
    spec.kind,
    ...(image === imageOf(usual) ? [] : [image]),
    ...(batch === usual.batch ? [] : [`batch ${String(batch)}`]),
    ...(optimizer === usual.optimizer ? [] : [optimizer]),
  ].join(' ');
}
