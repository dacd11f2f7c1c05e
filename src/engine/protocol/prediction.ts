import type { Plan } from '#engine/model/plan.ts';
import type { MemberResult, RunData } from '#engine/protocol/run.ts';

/** A member of which everything is known that prediction needs. */
export interface KnownMember extends Pick<MemberResult, 'spec' | 'weights'> {
  readonly tensors: NonNullable<MemberResult['tensors']>;
  readonly activations: NonNullable<MemberResult['activations']>;
}

/** What the prediction worker is asked: one question for each worker, one reply. */
export interface PredictionRequest {
  readonly plan: Plan;
  readonly data: RunData;
  readonly member: KnownMember;
}

/** classes: [audit example], in the order of RunData.auditIndices. detail: what computed them. */
export type PredictionReply =
  | { readonly kind: 'predicted'; readonly classes: Uint16Array; readonly detail: string }
  | { readonly kind: 'failed'; readonly message: string };

/** Predicts the audit split again from weights, on the CPU. */
export interface Predictor {
  predict(request: PredictionRequest): Promise<Extract<PredictionReply, { kind: 'predicted' }>>;
}
