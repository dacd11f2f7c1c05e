import type { AuditExamples, PredictionTable } from '#audit/predictions.ts';
import { memberTable } from '#audit/member-table.ts';
import { levelName } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import { BASELINE, keyText } from './progress.ts';
import { services } from './services.ts';
import type { MemberSummary } from './state.ts';

/** The table of what has been predicted so far; levels without a member are left out. null without a baseline member. */
export function tableOf(
  plan: Plan,
  results: Iterable<MemberSummary>,
  examples: AuditExamples,
  leastMembers = 1,
): PredictionTable | null {
  return memberTable(levelName(BASELINE), plan.levels.map(levelName), results, examples, leastMembers);
}

/** The same with the probabilities that members said, which are read from where they are kept. */
export async function tableWithProbabilities(
  auditId: string,
  plan: Plan,
  results: readonly MemberSummary[],
  examples: AuditExamples,
): Promise<PredictionTable | null> {
  const kept = await (await services().repository).probabilities(auditId);
  const likely = new Map(kept.map(({ key, probabilities }) => [keyText(key), probabilities]));
  const members = results.map((member) => {
    const probabilities = likely.get(keyText(member.key));
    return probabilities ? { ...member, probabilities } : member;
  });
  return memberTable(levelName(BASELINE), plan.levels.map(levelName), members, examples);
}
