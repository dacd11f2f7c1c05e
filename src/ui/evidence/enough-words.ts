import { widthWith, type Enough } from '#audit/enough.ts';
import type { Uncertain } from '#audit/crossed.ts';

const NBSP = '\u00a0';
/** A doubling that narrows an interval by less is not worth its time; nor is one that raises the overlap by less. */
const WORTH = 0.05;

const part = (fraction: number): string => `${(100 * fraction).toFixed(0)}${NBSP}%`;

/**
 * What more members would buy, and when to stop: one sentence on the interval of the main change, one on the set of CIE.
 * `members` is how many each population has.
 */
export function advice(main: Uncertain, enough: Enough | null, members: number): readonly string[] {
  return [widthAdvice(main, members), setAdvice(enough, members)].filter((sentence) => sentence !== '');
}

function widthAdvice(main: Uncertain, members: number): string {
  const [twice, least] = [widthWith(main, 2), widthWith(main, Infinity)];
  if (twice === null || least === null) return '';
  if (1 - twice < WORTH)
    return `For this change ${String(members)} members are enough: twice as many would narrow its interval by ${part(1 - twice)}. Only more examples would make it narrower.`;
  let times = 2;
  for (; times < 64; times *= 2) {
    const [now, then] = [widthWith(main, times), widthWith(main, 2 * times)];
    if (now === null || then === null || 1 - then / now < WORTH) break;
  }
  return `Twice as many members (${String(2 * members)}) would narrow the interval of this change by ${part(1 - twice)}; beyond about ${String(times * members)} another doubling brings less than ${part(WORTH)}. However many there are, ${part(least)} of its width stays: that much comes from the examples.`;
}

function setAdvice(enough: Enough | null, members: number): string {
  const now = enough?.expected.find((at) => at.members === members);
  const twice = enough?.expected.find((at) => at.members === 2 * members);
  if (now === undefined || twice === undefined) return '';
  const same = `Run again with other seeds, about ${part(now.overlap)} of the examples that either run calls changed would be called so by both`;
  const gain = twice.overlap - now.overlap;
  return gain < WORTH
    ? `${same}; twice as many members would raise that only to ${part(twice.overlap)}.`
    : `${same}; with ${String(2 * members)} members about ${part(twice.overlap)}.`;
}
