import type { ModelSpec } from '#compression/model-spec.ts';
import type { WeightBits } from '#compression/quantize.ts';

/** How a population is compressed. A level of an audit is one spec. */
export type CompressionSpec = BaselineSpec | StageSpec | PipelineSpec;
/** What can be a stage of a pipeline, or a level by itself. */
export type StageSpec = PrunedSpec | StructuredSpec | DistilledSpec | QatInt8Spec | QuantizedSpec;
/** What trains a population of its own. */
export type TrainedSpec = BaselineSpec | Exclude<StageSpec, QuantizedSpec>;
/** What is made of a trained population without training. */
export type QuantizedSpec = HybridInt8Spec | FixedInt8Spec;

export interface BaselineSpec {
  readonly kind: 'baseline';
}
/**
 * How pruning treats weights. `hooker` (reference code of Hooker et al.): every kernel but the last layer's; a masked weight
 * keeps its raw value, gets no gradient, and can come back until `end`. `tfmot` (TensorFlow Model Optimization): every kernel;
 * a masked weight is set to 0 before each step and trained on with its own gradient, so that it must climb over the threshold.
 */
export type PruningSemantics = 'hooker' | 'tfmot';
/** Magnitude pruning during training on the cubic schedule of Zhu & Gupta (2017). */
export interface PrunedSpec {
  readonly kind: 'pruned';
  readonly semantics: PruningSemantics;
  /** Final fraction of prunable weights that are zero, in (0,1). */
  readonly sparsity: number;
  /** First step, last step and interval of mask updates, in training steps. */
  readonly begin: number;
  readonly end: number;
  readonly every: number;
  /** `layer` (absent): every tensor loses its own share. `global`: one threshold over the weights of all prunable tensors. */
  readonly scope?: 'layer' | 'global';
}
/**
 * Whole filters and neurons pruned during training on the same schedule: in every layer those with the smallest norm of their
 * kernel, wherever they can be taken out of the network (see removableUnits). A masked one keeps its raw weights and can come
 * back until `end`; at the end the network is made smaller by those that are left out.
 */
export interface StructuredSpec {
  readonly kind: 'structured';
  /** Of the kernel of a filter or neuron: the sum of magnitudes (Li et al. 2017), or the Euclidean norm. */
  readonly norm: 'l1' | 'l2';
  /** Final fraction of a layer's filters or neurons that are removed, in (0,1). */
  readonly sparsity: number;
  /** First step, last step and interval of mask updates, in training steps. */
  readonly begin: number;
  readonly end: number;
  readonly every: number;
}
/**
 * Knowledge distillation (Hinton et al. 2015): a smaller student is trained, from its own initial weights on the batches of
 * the baseline member with its index, towards the labels and towards what that member, its teacher, says about them.
 */
export interface DistilledSpec {
  readonly kind: 'distilled';
  readonly student: ModelSpec;
  /** Divides the logits of both before they are compared; above 0. */
  readonly temperature: number;
  /** Share of the soft loss, in [0,1]: the label has the rest. */
  readonly weight: number;
}
/** Post-training dynamic-range quantization: int8 weights, activations quantized per example at run time. */
export interface HybridInt8Spec {
  readonly kind: 'hybrid-int8';
  /** TFLite leaves tensors below 1,024 elements in float; `all` quantizes every kernel. */
  readonly tensors: 'tflite-faithful' | 'all';
  /** Bits of a weight. Absent: 8; fewer are an extension. */
  readonly bits?: WeightBits;
}
/** Which training examples calibrate the ranges of activations; see calibrationSet. */
export interface CalibrationSpec {
  /** How many. */
  readonly calibration: number;
  /** Absent: the first ones. */
  readonly draw?: CalibrationDraw;
}
export interface CalibrationDraw {
  readonly kind: 'random' | 'balanced';
  /** A whole number from 0 to 2^53-1. */
  readonly seed: number;
}
/** Post-training fixed-point quantization with activation ranges from calibration examples. */
export interface FixedInt8Spec extends CalibrationSpec {
  readonly kind: 'fixed-int8';
  /** Bits of a weight. Absent: 8; fewer are an extension. Activations have 8 in any case. */
  readonly bits?: WeightBits;
}
/**
 * Quantization-aware training: from step `begin` on batch norm is folded, and kernels and activations are rounded to int8 in
 * the forward pass (straight-through gradients); the trained member is converted to fixed-point int8.
 */
export interface QatInt8Spec extends CalibrationSpec {
  readonly kind: 'qat-int8';
  /** Steps trained in float before; the activation ranges start from the calibration examples. */
  readonly begin: number;
}

/**
 * One stage after the other: a stage that trains, then a post-training one, each with its own spec. planProblems refuses every
 * other order.
 */
export interface PipelineSpec {
  readonly kind: 'pipeline';
  readonly stages: readonly StageSpec[];
}

/** Of a distillation where nothing else is asked for. */
export const USUAL_TEMPERATURE = 4;
export const USUAL_SOFT_WEIGHT = 0.9;

/**
 * The name of a level in files and links: `baseline`, `pruned-0.9`, `tfmot-0.9`, `hybrid-int8`, `fixed-int8`, `qat-int8`; with
 * fewer bits `hybrid-int4`, `fixed-int2`; with global scope `global-0.9`, `global-tfmot-0.9`. Structured pruning is
 * `filters-0.5`, by the L2 norm `filters-l2-0.5`. A distilled level says its student, `distilled-cnn-8-16-d32`,
 * `distilled-mlp-16-16`, `distilled-resnet-4-8-16` (with more than one block `-b2`), and what is not usual: `-t2-w0.5`. A pipeline
 * joins its stages: `pruned-0.9+fixed-int8`.
 */
export function levelName(spec: CompressionSpec): string {
  switch (spec.kind) {
    case 'pruned':
      return prunedName(spec);
    case 'structured':
      return `filters-${spec.norm === 'l2' ? 'l2-' : ''}${String(spec.sparsity)}`;
    case 'distilled':
      return distilledName(spec);
    case 'hybrid-int8':
    case 'fixed-int8':
      return spec.kind.replace('8', String(spec.bits ?? 8));
    case 'pipeline':
      return spec.stages.map(levelName).join('+');
    case 'baseline':
    case 'qat-int8':
      return spec.kind;
    default:
      return spec satisfies never;
  }
}

function prunedName({ semantics, scope, sparsity }: PrunedSpec): string {
  const ways = scope === 'global' ? { hooker: 'global', tfmot: 'global-tfmot' } : { hooker: 'pruned', tfmot: 'tfmot' };
  return `${ways[semantics]}-${String(sparsity)}`;
}

function distilledName({ student, temperature, weight }: DistilledSpec): string {
  const unusual = [
    ...(temperature === USUAL_TEMPERATURE ? [] : [`t${String(temperature)}`]),
    ...(weight === USUAL_SOFT_WEIGHT ? [] : [`w${String(weight)}`]),
  ];
  return ['distilled', ...modelWords(student), ...unusual].join('-');
}

function modelWords(model: ModelSpec): readonly string[] {
  switch (model.kind) {
    case 'cnn-small':
      return ['cnn', ...model.filters.map(String), ...model.dense.map((units) => `d${String(units)}`)];
    case 'mlp':
      return ['mlp', ...model.hidden.map(String)];
    case 'resnet-8':
      return ['resnet', ...model.filters.map(String), ...(model.blocks === 1 ? [] : [`b${String(model.blocks)}`])];
    default:
      return model satisfies never;
  }
}

/** Whether the level's members are made from trained members, without training; see `stagesOf`. */
export function isPostTraining(spec: CompressionSpec): spec is QuantizedSpec | PipelineSpec {
  return isQuantized(spec) || spec.kind === 'pipeline';
}

function isQuantized(spec: CompressionSpec): spec is QuantizedSpec {
  return spec.kind === 'hybrid-int8' || spec.kind === 'fixed-int8';
}

/**
 * The stages of any level: the population that is trained, which is the baseline for a quantized level, and what is made of
 * it (null: it is taken as it is). Throws for a pipeline that planProblems refuses.
 */
export function stagesOf(spec: CompressionSpec): {
  readonly trained: TrainedSpec;
  readonly quantized: QuantizedSpec | null;
} {
  if (isQuantized(spec)) return { trained: { kind: 'baseline' }, quantized: spec };
  if (spec.kind !== 'pipeline') return { trained: spec, quantized: null };
  const [trained, quantized] = spec.stages;
  if (spec.stages.length !== 2 || !trained || !quantized || isQuantized(trained) || !isQuantized(quantized))
    throw new RangeError(`${levelName(spec)} is not a stage that trains and then a post-training one.`);
  return { trained, quantized };
}

/**
 * The level from whose members those of this one are made, or learn: the trained stage of a quantized one, and the baseline of
 * a distilled one; null where the members need no others.
 */
export function sourceLevel(spec: CompressionSpec): string | null {
  if (isPostTraining(spec)) return levelName(stagesOf(spec).trained);
  return spec.kind === 'distilled' ? 'baseline' : null;
}

/**
 * The trained populations of an audit, each once, the baseline first: its levels that train, and the first stages of its
 * pipelines, which are trained for them where they are no level themselves.
 */
export function trainedSpecs(levels: readonly CompressionSpec[]): readonly TrainedSpec[] {
  const specs = new Map<string, TrainedSpec>();
  for (const { trained } of [{ kind: 'baseline' } as const, ...levels].map(stagesOf))
    if (!specs.has(levelName(trained))) specs.set(levelName(trained), trained);
  return [...specs.values()];
}

/**
 * The names of the levels whose weights it takes to make what is missing of an audit, first stages of pipelines included.
 * isDone: whether a level, by its name, needs nothing any more.
 */
export function sourceLevels(
  levels: readonly CompressionSpec[],
  isDone: (level: string) => boolean = () => false,
): ReadonlySet<string> {
  const asked = new Set(levels.map(levelName));
  const sources = new Set<string>();
  // From the last one on: nobody stands before what it is made from.
  for (const spec of [...trainedSpecs(levels), ...levels].toReversed()) {
    const [level, source] = [levelName(spec), sourceLevel(spec)];
    if (source !== null && !isDone(level) && (asked.has(level) || sources.has(level))) sources.add(source);
  }
  return sources;
}
