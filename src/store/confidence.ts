import { meanProbabilities } from '#audit/confidence-shift.ts';
import type { AuditExamples } from '#audit/predictions.ts';
import { usePlan } from './plan.ts';
import { tableWithProbabilities } from './prediction-table.ts';
import type { MemberSummary } from './state.ts';
import { useTraining } from './training-state.ts';

type Means = ReadonlyMap<string, Float32Array>;

/** Of the members asked about last. */
let latest: { readonly of: readonly MemberSummary[]; readonly means: Promise<Means> } | null = null;

/**
 * [population] of each example the mean probability of the positive class over the members of the audit in hand; a population
 * with a member that gave none is not in it. Read and counted at the first question, between frames.
 */
export function populationMeans(examples: AuditExamples): Promise<Means> {
  const { results } = useTraining.getState();
  if (latest?.of !== results) latest = { of: results, means: count(results, examples) };
  return latest.means;
}

async function count(results: readonly MemberSummary[], examples: AuditExamples): Promise<Means> {
  const { plan } = usePlan.getState();
  const { auditId } = useTraining.getState();
  const means = new Map<string, Float32Array>();
  if (plan === null || auditId === null) return means;
  const table = await tableWithProbabilities(auditId, plan, results, examples);
  for (const { name, members, probabilities } of table ? [table.baseline, ...table.compressed] : []) {
    if (!probabilities) continue;
    const steps = meanProbabilities(probabilities, members.length);
    for (;;) {
      const step = steps.next();
      if (step.done === true) {
        means.set(name, step.value);
        break;
      }
      await new Promise((goOn) => setTimeout(goOn));
    }
  }
  return means;
}
