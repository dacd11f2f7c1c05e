import type { AuditExamples, PredictionTable } from '#audit/predictions.ts';
import { memberTable } from '#audit/member-table.ts';
import { levelName } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import { BASELINE } from './progress.ts';
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
