import type { BlindedRow } from '#audit/blinded-review.ts';
import { labelName } from '#audit/review-labels.ts';
import { percentNumber } from '#ui/kit/format.ts';

/** What a row of the comparison is called. */
export const rowName = (label: string): string => (label === 'hard' ? 'Hard to judge' : labelName(label));

const NBSP = '\u00a0';
const points = (value: number): string => percentNumber(Math.abs(value), 0);
const signed = (value: number): string => `${value < 0 ? '−' : ''}${points(value)}`;
const said = (label: string): string => (label === 'hard' ? 'hard to judge' : `“${labelName(label).toLowerCase()}”`);

/** One row as a plain sentence: the shares, their difference, and whether the interval leaves room for none. */
export function sentenceOf({ label, cie, controls, difference }: BlindedRow): string {
  if (difference.value === null || difference.low === null || difference.high === null) {
    return `How often CIE are ${said(label)} beside controls cannot be told before some of both are reviewed.`;
  }
  const shares = `${percentNumber(cie.value ?? 0, 0)}${NBSP}% of CIE were called ${said(label)}, ${percentNumber(controls.value ?? 0, 0)}${NBSP}% of controls`;
  const interval = `95${NBSP}% interval ${signed(difference.low)} to ${signed(difference.high)}`;
  if (difference.low <= 0 && difference.high >= 0) {
    return `${shares}: a difference of ${signed(difference.value)} points (${interval}), which chance alone could give.`;
  }
  return `${shares}: ${points(difference.value)} points ${difference.value > 0 ? 'more' : 'fewer'} (${interval}).`;
}
