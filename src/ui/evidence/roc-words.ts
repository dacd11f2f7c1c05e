import type { GroupRoc } from '#audit/score-desk.ts';
import { count, counted, properMinus } from '#ui/kit/format.ts';
import { levelText } from '#ui/kit/levels.ts';
import { groupTitle, type EvidenceView } from './view.ts';

const three = (value: number): string => properMinus(value.toFixed(3));

/** The group whose area surely falls most: of those whose interval lies below 0 the one whose upper end is lowest. Null where none does. */
export function mostConfused(groups: readonly GroupRoc[]): GroupRoc | null {
  return groups.reduce<GroupRoc | null>((worst, one) => {
    const high = one.areas.change.both.high;
    if (Object.keys(one.group).length === 0 || high === null || high >= 0) return worst;
    return worst === null || high < worst.areas.change.both.high! ? one : worst;
  }, null);
}

/** The claim of the figure: in which group the level tells the classes apart less well, against everyone. */
export function rocClaim(view: EvidenceView, groups: readonly GroupRoc[]): string {
  const at = levelText(view.comparison.level);
  const everyone = groups[0]?.areas;
  const change = (roc: GroupRoc['areas']): string =>
    `${three(roc.baseline.both.value!)} to ${three(roc.compressed.both.value!)}`;
  if (everyone?.change.both.value == null)
    return `How well ${view.positive} is told from ${view.negative} cannot be estimated.`;
  const worst = mostConfused(groups);
  return worst === null
    ? `At ${at}, no group’s area under the ROC curve clearly falls. Everyone: ${change(everyone)}.`
    : `At ${at}, ${view.positive} is told from ${view.negative} less well in “${groupTitle(view, worst.group)}”: the area goes from ${change(worst.areas)}. Everyone: ${change(everyone)}.`;
}

/** "Area for “Male”: 0.931 to 0.902, changed by −0.029, between −0.050 and −0.008, from 78 positives and 3,225 negatives; not corrected for 5 groups." */
export function areaSentence(view: EvidenceView, { group, areas }: GroupRoc, groups: number): string {
  const { baseline, compressed, change, positives, negatives } = areas;
  const whom = Object.keys(group).length === 0 ? 'everyone' : `“${groupTitle(view, group)}”`;
  if (change.both.value === null) return `Area for ${whom}: not estimable, ${whyNoArea(view, areas) ?? ''}.`;
  const { low, high } = change.both;
  const interval =
    low === null || high === null ? 'no interval with one member' : `between ${three(low)} and ${three(high)}`;
  return `Area for ${whom}: ${three(baseline.both.value!)} to ${three(compressed.both.value!)}, changed by ${three(change.both.value)}: ${interval}, from ${counted(positives, ['positive', 'positives'])} and ${counted(negatives, ['negative', 'negatives'])}; not corrected for ${count(groups)} groups.`;
}

/** "26 Blond, 30 needed"; null where the area has a value. */
export function whyNoArea(view: EvidenceView, { positives, negatives, baseline }: GroupRoc['areas']): string | null {
  if (baseline.both.value !== null) return null;
  const needed = Math.max(1, view.audit.options.minCount);
  const [size, what] = positives <= negatives ? [positives, view.positive] : [negatives, view.negative];
  return size === 0 ? `no ${what}` : `${count(size)} ${what}, ${count(needed)} needed`;
}
