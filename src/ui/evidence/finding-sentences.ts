import type { AccuracyRow, Estimate, RepresentationRow } from '#audit/result.ts';
import { count, counted, percent, properMinus } from '#ui/kit/format.ts';
import { chanceOf } from './chance.ts';
import { verdict } from './change-words.ts';
import { timesItsShare } from './over-indexing.ts';
import type { EvidenceView } from './view.ts';
import { ratio, representationTitle } from './words.ts';

/** A plain sentence with each finding: what, how sure, from how many, and whether it holds after correction. */

/** "between 153 and 358"; "no interval" with its reason where there is none. */
function between({ low, high }: Estimate, write: (value: number) => string, none: string): string {
  if (low === null || high === null) return none;
  return `between ${properMinus(write(low))} and ${properMinus(write(high))}`;
}

/**
 * "254 of 8,000 faces changed their label: between 153 and 358; in equal halves 120 more than chance gives, between 80 and 160."
 * The excess is not corrected for levels: each is held against its own splits.
 */
export function cieSentence(view: EvidenceView): string {
  const { comparison, audit, noun } = view;
  const { count: estimate, indices } = comparison.modalCie;
  const size = `${count(indices.length)} of ${counted(audit.examples, noun)} changed their label`;
  const both = estimate.both.low !== null;
  const interval = both
    ? between(estimate.both, count, '')
    : `${between(estimate.examples, count, 'no interval')} over ${noun[1]} alone`;
  const { excess, verdict: known } = chanceOf(audit, comparison);
  if (excess?.value == null)
    return `${size}: ${interval}; ${known === 'unknown' ? 'with fewer than four members there is nothing to hold it against' : 'what chance alone gives is not in'}.`;
  const more = excess.value < 0 ? 'fewer' : 'more';
  const ends = between(excess, count, 'no interval');
  return `${size}: ${interval}. In equal halves ${count(Math.abs(excess.value))} ${more} than chance gives: ${excess.value < 0 ? `a difference ${ends}` : ends}; ${known === 'above' ? 'beyond' : 'within'} what seeds alone do.`;
}

/** "Compressed members are right on 38.7 % of the 254 faces that changed, between 34.5 % and 42.9 %; the baseline on 66.0 %, between 60.1 % and 71.4 %." */
export function changedAccuracySentence({ noun }: EvidenceView, row: AccuracyRow): string {
  if (row.compressed === null || row.baseline === null) return '';
  const said = (estimate: Estimate): string => between(estimate, percent, 'no interval with one member');
  return `Compressed members are right on ${percent(row.compressed)} of the ${counted(row.n, noun)} that changed, ${said(row.compressedEstimate.both)}; the baseline on ${percent(row.baseline)}, ${said(row.baselineEstimate.both)}.`;
}

/** "“Hat” is 3.1× as frequent among the changed: between 2.0× and 4.6×, from 14 of 254; that changing goes with Hat holds after correction for 6 comparisons." */
export function overIndexSentence(view: EvidenceView, row: RepresentationRow): string {
  const times = timesItsShare(row);
  if (times.value === null) return '';
  const { comparison, audit } = view;
  const name = Object.keys(row.group)[0] ?? '';
  const tested = comparison.associations.find(({ attribute }) => attribute === name);
  const tests = audit.comparisons.reduce(
    (sum, { associations }) => sum + associations.filter(({ test }) => test !== null).length,
    0,
  );
  const corrected =
    tested?.test == null ? 'not tested by itself' : `that changing goes with ${name} ${verdict(tested.holm, tests)}`;
  return `“${representationTitle(view, row.group)}” is ${ratio(times.value)} as frequent among the changed as in the data: ${between(times, ratio, 'no interval')}, from ${count(row.cieCount)} of ${count(comparison.modalCie.indices.length)}; ${corrected}.`;
}
