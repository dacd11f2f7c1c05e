/** How a population is compressed. A level of an audit is one spec. */
export type CompressionSpec = BaselineSpec | PrunedSpec | HybridInt8Spec | FixedInt8Spec;
export interface BaselineSpec {
  readonly kind: 'baseline';
}
/** Magnitude pruning during training, per tensor, on the cubic schedule of Zhu & Gupta (2017); semantics of Hooker et al.'s code. */
export interface PrunedSpec {
  readonly kind: 'pruned';
  readonly semantics: 'hooker';
  /** Final fraction of prunable weights that are zero, in (0,1). */
  readonly sparsity: number;
  /** First step, last step and interval of mask updates, in training steps. */
  readonly begin: number;
  readonly end: number;
  readonly every: number;
}
/** Post-training dynamic-range quantization: int8 weights, activations quantized per example at run time. */
export interface HybridInt8Spec {
  readonly kind: 'hybrid-int8';
  /** TFLite leaves tensors below 1,024 elements in float; `all` quantizes every kernel. */
  readonly tensors: 'tflite-faithful' | 'all';
}
/** Post-training fixed-point quantization with activation ranges from calibration examples. */
export interface FixedInt8Spec {
  readonly kind: 'fixed-int8';
  /** The first so many training examples calibrate the activation ranges. */
  readonly calibration: number;
}

/** The name of a level in files and links: `baseline`, `pruned-0.9`, `hybrid-int8`, `fixed-int8`. */
export function levelName(spec: CompressionSpec): string {
  return spec.kind === 'pruned' ? `pruned-${String(spec.sparsity)}` : spec.kind;
}

/** Whether the level's members are made from trained baseline members, without training. */
export function isPostTraining(spec: CompressionSpec): boolean {
  return spec.kind === 'hybrid-int8' || spec.kind === 'fixed-int8';
}
