import type { TensorAccount } from '#compression/account.ts';
import type { PruningSchedule } from '#compression/schedule.ts';
import { levelName, stagesOf, type CompressionSpec } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { MemberSummary } from '#store/state.ts';

export const BASELINE = levelName({ kind: 'baseline' });

/** One member of one level, beside the baseline member that has its seed. */
export interface MemberView {
  readonly plan: Plan;
  readonly spec: CompressionSpec;
  readonly member: MemberSummary;
  /** null while it is not in, and for the baseline itself. */
  readonly baseline: MemberSummary | null;
}

/** The levels of the plan that have a finished member, in its order, the baseline last. */
export function levelsDone(plan: Plan, results: readonly MemberSummary[]): readonly string[] {
  const done = new Set(results.map(({ key }) => key.level));
  return [...plan.levels.map(levelName), BASELINE].filter((level) => done.has(level));
}

/** The indices of a level's finished members, ascending. */
export function membersDone(results: readonly MemberSummary[], level: string): readonly number[] {
  return results
    .filter(({ key }) => key.level === level)
    .map(({ key }) => key.index)
    .sort((a, b) => a - b);
}

export function memberView(
  plan: Plan,
  results: readonly MemberSummary[],
  level: string,
  index: number,
): MemberView | null {
  const of = (name: string) => results.find(({ key }) => key.level === name && key.index === index);
  const member = of(level);
  return member === undefined
    ? null
    : { plan, spec: member.spec, member, baseline: level === BASELINE ? null : (of(BASELINE) ?? null) };
}

/** When the masks of a level are made anew; null where nothing is pruned. */
export function scheduleOf(spec: CompressionSpec): PruningSchedule | null {
  const { trained } = stagesOf(spec);
  return trained.kind === 'pruned' || trained.kind === 'structured' ? trained : null;
}

/** The same tensor of the baseline, where the level has kept its shape. */
export function tensorBefore({ baseline }: MemberView, tensor: TensorAccount): TensorAccount | null {
  const before = baseline?.tensors?.find(({ name }) => name === tensor.name);
  return before?.size === tensor.size ? before : null;
}
