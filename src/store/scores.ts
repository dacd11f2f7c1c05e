import type { AuditExamples } from '#audit/predictions.ts';
import type { AuditOptions } from '#audit/result.ts';
import type { OpenScores } from '#engine/protocol/scores.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { usePlan } from './plan.ts';
import { tableWithProbabilities } from './prediction-table.ts';
import { services } from './services.ts';
import { useTraining } from './training-state.ts';

/**
 * Opens the scores of the baseline and a level of the audit in hand, of its examples as they are read; to be closed by whoever opens them. Refused where a member
 * of the two has no probabilities.
 */
export async function openLevelScores(
  level: string,
  examples: AuditExamples,
  options: AuditOptions,
): Promise<Result<OpenScores>> {
  const { plan } = usePlan.getState();
  const { auditId, results } = useTraining.getState();
  if (plan === null || auditId === null) return fail('no-probabilities', NONE);
  const table = await tableWithProbabilities(auditId, plan, results, examples);
  const own = table?.compressed.find(({ name }) => name === level);
  if (!table?.baseline.probabilities || !own?.probabilities) return fail('no-probabilities', NONE);
  return ok(await services().scores.open({ ...table, compressed: [own] }, options));
}

const NONE =
  'The members of this audit gave a label to every example and no probability: they are of an earlier version, or of predictions without probabilities. Run the audit again to see ROC curves and other thresholds.';
