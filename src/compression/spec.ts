import type { WeightBits } from '#compression/quantize.ts';

/** How a population is compressed. A level of an audit is one spec. */
export type CompressionSpec = BaselineSpec | PrunedSpec | HybridInt8Spec | FixedInt8Spec | QatInt8Spec;
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
 * The name of a level in files and links: `baseline`, `pruned-0.9`, `tfmot-0.9`, `hybrid-int8`, `fixed-int8`, `qat-int8`; with
 * fewer bits `hybrid-int4`, `fixed-int2`; with global scope `global-0.9`, `global-tfmot-0.9`.
 */
export function levelName(spec: CompressionSpec): string {
  switch (spec.kind) {
    case 'pruned':
      return prunedName(spec);
    case 'hybrid-int8':
    case 'fixed-int8':
      return spec.kind.replace('8', String(spec.bits ?? 8));
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

/** Whether the level's members are made from trained baseline members, without training. */
export function isPostTraining(spec: CompressionSpec): spec is HybridInt8Spec | FixedInt8Spec {
  return spec.kind === 'hybrid-int8' || spec.kind === 'fixed-int8';
}
