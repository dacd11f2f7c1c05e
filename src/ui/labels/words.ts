import { HARD, type MixRow } from '#audit/label-mix.ts';
import { percentNumber } from '#ui/kit/format.ts';

/** What a row of the comparison is called. */
export const rowName = (label: string, nameOf: (label: string) => string): string =>
  label === HARD ? 'Hard to judge' : nameOf(label);

const NBSP = '\u00a0';
const points = (value: number): string => percentNumber(Math.abs(value), 0);
const signed = (value: number): string => `${value < 0 ? '−' : ''}${points(value)}`;

/** One row as a plain sentence: the shares, their difference, and whether the interval leaves room for none. */
export function sentenceOf({ label, cie, others, difference }: MixRow, nameOf: (label: string) => string): string {
  const said = label === HARD ? 'hard to judge' : `“${nameOf(label).toLowerCase()}”`;
  if (difference.value === null || difference.low === null || difference.high === null) {
    return `How often CIE are ${said} beside controls cannot be told before some of both are reviewed.`;
  }
  const shares = `${percentNumber(cie.value ?? 0, 0)}${NBSP}% of CIE were called ${said}, ${percentNumber(others.value ?? 0, 0)}${NBSP}% of controls`;
  const interval = `95${NBSP}% interval ${signed(difference.low)} to ${signed(difference.high)}`;
  if (difference.low <= 0 && difference.high >= 0) {
    return `${shares}: a difference of ${signed(difference.value)} points (${interval}), which chance alone could give.`;
  }
  return `${shares}: ${points(difference.value)} points ${difference.value > 0 ? 'more' : 'fewer'} (${interval}).`;
}
