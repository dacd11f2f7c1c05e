import type { Embeddings } from '#audit/embeddings.ts';
import { tensorAccounts } from '#compression/account.ts';
import type { PointAccount } from '#compression/account.ts';
import type { TensorGrid } from '#compression/post-training.ts';
import { sizeAccount } from '#compression/size.ts';
import { sparsityReport } from '#compression/sparsity-report.ts';
import type { CompressionSpec } from '#compression/spec.ts';
import type { StepProgram } from '#engine/model/program.ts';
import type { MemberKey, MemberResult } from '#engine/protocol/run.ts';
import type { Predictions } from '#engine/worker/prediction.ts';
import type { RunContext } from '#engine/worker/run-context.ts';

/**
 * What is kept of member `position` of a chunk of `program`. weights: as used at prediction, [parameterCount]. whole: the program
 * before structured pruning removed units of it; else the same.
 */
export function memberResult(
  { program, whole, executor }: Pick<RunContext, 'program' | 'executor'> & { readonly whole: StepProgram },
  member: {
    readonly key: MemberKey;
    readonly spec: CompressionSpec;
    readonly position: number;
    readonly predictions: Predictions;
    /** Absent or null: none. */
    readonly embeddings?: Embeddings | null;
    readonly weights: Float32Array;
    readonly lossCurve: readonly number[];
    readonly diverged: boolean;
    /** What quantization did; empty for other levels. */
    readonly grids: readonly TensorGrid[];
    readonly activations: readonly PointAccount[];
    readonly durationMs: number;
  },
): MemberResult {
  const { key, spec, position, predictions, weights, grids } = member;
  const weighed = { tensors: program.tensors, parameters: weights, whole };
  const sizes = sizeAccount(program.tensors, weights, grids);
  return {
    key,
    spec,
    predictions: predictions.classes[position]!,
    probabilities: predictions.probabilities[position]!,
    ...(member.embeddings ? { embeddings: member.embeddings } : {}),
    accuracy: predictions.accuracy[position]!,
    lossCurve: Float32Array.from(member.lossCurve),
    diverged: member.diverged || !predictions.finite[position]! || !weights.every(Number.isFinite),
    sparsity: sparsityReport(weighed, spec),
    tensors: tensorAccounts(weighed, spec, { grids, sizes: sizes.tensors }),
    activations: member.activations,
    sizes: sizes.total,
    durationMs: member.durationMs,
    backend: executor.backend,
    weights,
  };
}
