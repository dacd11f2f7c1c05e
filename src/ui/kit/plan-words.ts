import type { CalibrationSpec, PruningSemantics, QatInt8Spec } from '#compression/spec.ts';
import type { AugmentationSpec, ModelSpec, OptimizerSpec, Plan, ScheduleSpec } from '#engine/model/plan.ts';
import { count, counted, list } from './format.ts';

/** The recipe of a plan in the words of the plan screen and of the report. */

export const MODEL_NAMES: Readonly<Record<ModelSpec['kind'], string>> = {
  'cnn-small': 'Small CNN',
  'resnet-8': 'ResNet-8',
  mlp: 'MLP',
};

/** "16 and 32 filters, then 64 units": the layers of a model. */
export function layerWords(model: ModelSpec): string {
  switch (model.kind) {
    case 'cnn-small': {
      const filters = `${list(model.filters.map(String))} filters`;
      return model.dense.length === 0 ? filters : `${filters}, then ${list(model.dense.map(String))} units`;
    }
    case 'resnet-8':
      return `${counted(model.filters.length, ['stage', 'stages'])} of ${counted(model.blocks, ['block', 'blocks'])}, ${list(model.filters.map(String))} filters`;
    case 'mlp': {
      const [first] = model.hidden;
      if (first === undefined) return 'no hidden layer';
      if (model.hidden.length > 1 && model.hidden.every((units) => units === first))
        return `${String(model.hidden.length)} hidden layers of ${String(first)}`;
      return `hidden layers of ${list(model.hidden.map(String))}`;
    }
    default:
      return model satisfies never;
  }
}

export function lossWords(loss: Plan['loss']): string {
  return loss === 'logistic' ? 'logistic cross-entropy, one output' : 'softmax cross-entropy';
}

/** "Adam (beta 0.9 and 0.999, epsilon 1e-7)", with the weight decay where there is one. */
export function optimizerWords(optimizer: OptimizerSpec): string {
  const { weightDecay = 0 } = optimizer;
  const decay = (kind: string): string => (weightDecay === 0 ? '' : `, ${kind} weight decay ${String(weightDecay)}`);
  return optimizer.kind === 'sgd'
    ? `SGD (momentum ${String(optimizer.momentum)}${decay('L2')})`
    : `Adam (beta ${String(optimizer.beta1)} and ${String(optimizer.beta2)}, epsilon ${String(optimizer.epsilon)}${decay('decoupled')})`;
}

/** How the learning rate goes: "constant", "rising over 15 steps, then falling to 0 along a cosine". */
export function scheduleWords(schedule: ScheduleSpec | undefined): string {
  switch (schedule?.kind) {
    case undefined:
    case 'constant':
      return 'constant';
    case 'cosine':
      return schedule.warmup === 0
        ? 'falling to 0 along a cosine'
        : `rising over ${counted(schedule.warmup, ['step', 'steps'])}, then falling to 0 along a cosine`;
    case 'step':
      return `multiplied by ${String(schedule.factor)} after ${schedule.at.length === 1 ? 'step' : 'steps'} ${list(schedule.at.map(count))}`;
    default:
      return schedule satisfies never;
  }
}

/** "mirrored half of the time and moved by up to 2 pixels"; null where images are seen as they are. */
export function augmentationWords(augmentation: AugmentationSpec | undefined): string | null {
  if (augmentation === undefined) return null;
  const said = [
    augmentation.flip ? 'mirrored half of the time' : '',
    augmentation.shift > 0 ? `moved by up to ${counted(augmentation.shift, ['pixel', 'pixels'])}` : '',
  ].filter((words) => words !== '');
  return said.length === 0 ? null : list(said);
}

/** "in float for 150 of 300 steps, then ...; ranges from ..." */
export function qatWords(spec: QatInt8Spec, steps: number): string {
  const { begin } = spec;
  const before = begin === 0 ? 'from the first step' : `after ${count(begin)} of ${count(steps)} steps in float`;
  return `weights and activations rounded to int8 ${before}, with batch norm folded and straight-through gradients; activation ranges start from ${calibrationWords(spec)}`;
}

/** "the first 100 training examples", "100 training examples, drawn with seed 1 and balanced by class". */
export function calibrationWords({ calibration, draw }: CalibrationSpec): string {
  const examples = `${count(calibration)} training examples`;
  if (draw === undefined) return `the first ${examples}`;
  return `${examples}, drawn with seed ${String(draw.seed)}${draw.kind === 'balanced' ? ' and balanced by class' : ''}`;
}

export const SEMANTICS: Readonly<
  Record<
    PruningSemantics,
    { readonly name: string; readonly code: string; readonly hint: string; readonly sentence: string }
  >
> = {
  hooker: {
    name: 'Hooker et al.',
    code: 'the code of Hooker et al. (semantics “hooker”)',
    hint: 'removed weights can come back',
    sentence:
      'As in the code of Hooker et al.: the last layer stays whole, and a removed weight waits at its old value and can come back until the freeze.',
  },
  tfmot: {
    name: 'TensorFlow',
    code: 'TensorFlow Model Optimization (semantics “tfmot”)',
    hint: 'removed weights start anew from 0',
    sentence:
      'As in TensorFlow Model Optimization: every layer is pruned, and a removed weight is set to 0 and must outgrow others to come back.',
  },
};
