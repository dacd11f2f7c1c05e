import type { LevelCosts, RunCosts } from '#engine/model/costs.ts';
import type { ModelSpec, Plan } from '#engine/model/plan.ts';
import type { PlanState, Preset } from '#store/state.ts';
import { bytes, count, duration } from '#ui/kit/format.ts';

/** The presets as a person chooses them. */
export const PRESETS: readonly {
  readonly id: Preset;
  readonly name: string;
  readonly text: string;
  readonly aside: string;
}[] = [
  { id: 'one-minute', name: 'One minute', text: 'few members, few steps', aside: 'wide intervals, good to watch' },
  { id: 'class-hour', name: 'Class hour', text: 'more members, every level', aside: 'narrower intervals' },
  { id: 'paper', name: 'As in the paper', text: '30 members, 10,000 steps', aside: 'for a night, or a fast GPU' },
];

/** What depth and width of a model are called, and what becomes of the width from layer to layer. */
export const SHAPE_WORDS: Readonly<
  Record<ModelSpec['kind'], { readonly depth: string; readonly width: string; readonly hint: string }>
> = {
  'cnn-small': { depth: 'Convolutions', width: 'Filters of the first', hint: 'twice as many in each that follows' },
  'resnet-8': { depth: 'Stages', width: 'Filters of the first', hint: 'twice as many in each that follows' },
  mlp: { depth: 'Hidden layers', width: 'Units of a layer', hint: 'the same in all' },
};

/**
 * "Costs 10 members of 300 steps, each about 1.2 times as much work as a baseline member, about 40 s on this machine; up to
 * 2.1 MB of memory a member; 410 kB on disk."
 */
export function workWords(
  { trained, work, memberBytes, keptBytes }: LevelCosts,
  { steps }: Plan,
  { pace, costs }: { readonly pace: PlanState['pace']; readonly costs: RunCosts },
): string {
  const room = `up to ${bytes(memberBytes)} of memory a member, ${bytes(keptBytes)} on disk`;
  if (trained === 0) return `Costs no training: its members are made from finished ones of another level; ${room}.`;
  const each = work < 0.95 || work >= 1.05 ? `about ${work.toFixed(1)} times as much` : 'as much';
  const baseline = costs.operations / costs.levels.reduce((sum, level) => sum + level.trained * level.work, 0);
  const time = pace === null ? '' : `, ${duration(trained * work * baseline * pace.msPerOperation)} on this machine`;
  return `Costs ${count(trained)} members of ${count(steps)} steps, each ${each} work as a baseline member${time}; ${room}.`;
}
