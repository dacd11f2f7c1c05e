import type { Uncertain } from '#audit/crossed.ts';
import type { Estimate, SubgroupRow } from '#audit/result.ts';
import { count, counted } from '#ui/kit/format.ts';
import { denominator, groupTitle, type EvidenceView, type Measure } from './view.ts';
import { MEASURE_WORDS } from './measure-words.ts';

const NBSP = '\u00a0';
/** A corrected p-value up to here is said to hold. */
export const LEVEL = 0.05;

/** What the intervals of a figure draw anew, the widest first. */
export const ANEW: readonly { readonly value: keyof Uncertain; readonly label: string }[] = [
  { value: 'both', label: 'Both' },
  { value: 'members', label: 'Members' },
  { value: 'examples', label: 'Examples' },
];

/** "were members and faces drawn anew: other seeds, other faces". */
export function anewWords(anew: keyof Uncertain, noun: readonly [string, string]): string {
  if (anew === 'both') return `were members and ${noun[1]} drawn anew: other seeds and other ${noun[1]}`;
  if (anew === 'members') return `were only members drawn anew: other seeds, the same ${noun[1]}`;
  return `were only ${noun[1]} drawn anew: other ${noun[1]}, the same members`;
}

/** What a change did, as people say it: "doubled", "rose by 40 %", "fell by 8 %". */
export function changedPhrase(percent: number): string {
  if (percent >= 110) return `grew ${(1 + percent / 100).toFixed(1)}-fold`;
  if (percent >= 100) return 'doubled';
  if (percent >= 90) return 'nearly doubled';
  if (Math.abs(percent) < 0.5) return 'stayed as they were';
  return `${percent > 0 ? 'rose' : 'fell'} by ${size(percent)}`;
}

const size = (percent: number): string => `${Math.abs(percent).toFixed(0)}${NBSP}%`;

/** "between 40 % and 180 % more"; empty without an interval. */
export function rangePhrase({ low, high }: Estimate): string {
  if (low === null || high === null) return '';
  if (low >= 0) return `between ${size(low)} and ${size(high)} more`;
  if (high <= 0) return `between ${size(high)} and ${size(low)} fewer`;
  return `between ${size(low)} fewer and ${size(high)} more`;
}

/**
 * A change of a group as one sentence: "False positives for “Male, not Young” doubled: between 40 % and 180 % more, from 55
 * negatives; holds after correction for 72 comparisons." Not estimable ones have none.
 */
export function changeSentence(view: EvidenceView, row: SubgroupRow, measure: Measure): string {
  const { percent, tests } = row.change[measure];
  const { value } = percent.both;
  if (value === null) return '';
  const what = measure === 'error' ? 'Errors' : MEASURE_WORDS[measure].one;
  const everyone = Object.keys(row.group).length === 0;
  const whom = everyone ? 'for everyone' : `for “${groupTitle(view, row.group)}”`;
  const range = rangePhrase(percent.both);
  const base = denominator(row, measure);
  const from =
    measure === 'error'
      ? counted(base, view.noun)
      : counted(base, measure === 'fpr' ? ['negative', 'negatives'] : ['positive', 'positives']);
  const interval = range === '' ? 'no interval, as nothing varies' : range;
  return `${what} ${whom} ${changedPhrase(value)}: ${interval}, from ${from}; ${verdict(tests.holm, view.audit.testedChanges)}.`;
}

/** Whether a corrected p-value holds, in words. */
export function verdict(holm: number | null, comparisons: number): string {
  if (holm === null) return 'cannot be tested';
  return `${holm <= LEVEL ? 'holds' : 'does not hold'} after correction for ${count(comparisons)} comparisons`;
}

/** A p-value as in a table: "< .001", ".04", "1". */
export function pText(p: number | null): string {
  if (p === null) return '—';
  if (p < 0.001) return '< .001';
  if (p > 0.995) return '1';
  return p.toFixed(p < 0.0995 ? 3 : 2).replace(/^0/u, '');
}
