import { levelText } from '#ui/kit/levels.ts';
import { properMinus } from '#ui/kit/format.ts';
import { groupTitle, whyNot, type EvidenceView } from './view.ts';

const three = (value: number): string => value.toFixed(3);

/** The claim of the figure: whose bias rises most at the level of the finding, or that none does. */
export function biasClaim(view: EvidenceView, name: string | null): string {
  const bias = name === null ? undefined : view.comparison.equalizedOddsBias[name];
  if (name === null || bias?.baseline == null || bias.compressed === null)
    return 'How unequally groups are treated cannot be estimated here.';
  const at = levelText(view.comparison.level);
  const { baseline, compressed } = bias;
  if (compressed <= baseline) return `At ${at}, no attribute is treated more unequally than by the baseline.`;
  const change = bias.uncertain?.change.both;
  const sure = change?.low != null && change.low > 0;
  return `Between the groups of “${name}”, inequality goes from ${three(baseline)} to ${three(compressed)} at ${at}${sure ? '' : change?.low == null ? '' : ', which may be chance'}.`;
}

/** "Male: bias rose by 0.120 at 0.95; between 0.031 and 0.190; clear of no change, not corrected for the other attributes." */
export function biasSentence(view: EvidenceView, name: string): string {
  const bias = view.comparison.equalizedOddsBias[name];
  if (bias?.baseline == null || bias.compressed === null) return '';
  const by = bias.compressed - bias.baseline;
  const groups = view.comparison.subgroups.filter(({ group }) => name in group && Object.keys(group).length === 1);
  const smallest = Math.min(
    ...groups.filter(({ n }) => n > 0).map(({ positives, negatives }) => Math.min(positives, negatives)),
  );
  const verb = Math.abs(by) < 0.0005 ? 'stayed as it was' : `${by > 0 ? 'rose' : 'fell'} by ${three(Math.abs(by))}`;
  const change = bias.uncertain?.change.both;
  const interval =
    change?.low == null || change.high === null
      ? bias.uncertain === null
        ? `its interval ${view.audit.failure === null ? 'is still being counted' : 'could not be counted'}`
        : 'no interval with one member'
      : `between ${properMinus(three(change.low))} and ${properMinus(three(change.high))}; ${change.low > 0 || change.high < 0 ? 'clear of' : 'not clear of'} no change, not corrected for the other attributes`;
  return `Bias by ${name} ${verb}: ${interval}; the smallest rate is of ${String(smallest)} ${view.noun[smallest === 1 ? 0 : 1]}.`;
}

/** Why the bias of an attribute has no value: the first of its groups that is too small; null where it has one. */
export function biasGap(view: EvidenceView, attribute: string): string | null {
  if (view.comparison.equalizedOddsBias[attribute]?.compressed != null) return null;
  const groups = view.comparison.subgroups.filter(({ group }) => attribute in group && Object.keys(group).length === 1);
  for (const row of groups) {
    const small = (['fnr', 'fpr'] as const).find((measure) => row.baseline[measure] === null);
    const reason = small === undefined ? null : whyNot(view, row, small);
    if (reason !== null) return `“${groupTitle(view, row.group)}” has ${reason}`;
  }
  return 'it has fewer than two groups';
}
