import { levelName } from '#compression/spec.ts';
import type { AuditExamples, Population, PredictionTable } from '#audit/predictions.ts';
import type { Plan } from '#engine/model/plan.ts';
import { BASELINE } from './progress.ts';
import type { MemberSummary } from './state.ts';

/** The finished members of a level as a population, in the order of their seeds. Diverged members are left out. */
export function populationOf(level: string, results: Iterable<MemberSummary>, examples: number): Population {
  const members = [...results]
    .filter((result) => result.key.level === level && !result.diverged)
    .sort((a, b) => a.key.index - b.key.index);
  const predictions = new Uint16Array(members.length * examples);
  members.forEach((member, i) => {
    predictions.set(member.predictions, i * examples);
  });
  return { name: level, members: members.map((member) => String(member.key.index)), predictions };
}

/** The table of what has been predicted so far; levels without a member are left out. null without a baseline member. */
export function tableOf(
  plan: Plan,
  results: Iterable<MemberSummary>,
  examples: AuditExamples,
  leastMembers = 1,
): PredictionTable | null {
  const all = [...results];
  const population = (level: string): Population => populationOf(level, all, examples.ids.length);
  const baseline = population(levelName(BASELINE));
  if (baseline.members.length < leastMembers) return null;
  const compressed = plan.levels
    .map((spec) => population(levelName(spec)))
    .filter(({ members }) => members.length >= leastMembers);
  return { examples, baseline, compressed };
}
