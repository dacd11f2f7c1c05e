import type { ReactNode } from 'react';
import type { Estimate } from '#audit/result.ts';
import { percent, percentNumber } from '#ui/kit/format.ts';
import { NotEstimable } from '#ui/kit/not-estimable.tsx';
import { intervalText } from '#ui/kit/num.tsx';
import { LinkButton } from '#ui/kit/button.tsx';
import type { Opening } from './links.ts';
import { change, changeEnd } from './words.ts';

/** A rate as "1.13 %" and its interval, in two cells; a dash where the reason stands with its change, in the same row. */
export function rateCells(estimate: Estimate): readonly ReactNode[] {
  if (estimate.value === null) return [<NotEstimable key="no" reason="" />, ''];
  return [percent(estimate.value, 2), intervalText(estimate, (value) => percentNumber(value, 2))];
}

/** Value and interval of a share, in two cells. */
export function shareCells(estimate: Estimate, reason = 'no members'): readonly ReactNode[] {
  if (estimate.value === null) return [<NotEstimable key="no" reason={reason} />, ''];
  return [percent(estimate.value, 1), intervalText(estimate, (value) => percentNumber(value))];
}

/** A change in percent and its interval, in two cells. */
export function changeCells(estimate: Estimate, reason: string | null): readonly ReactNode[] {
  if (estimate.value === null) return [<NotEstimable key="no" mark reason={reason ?? 'not known'} />, ''];
  return [<b key="value">{change(estimate.value)}</b>, intervalText(estimate, changeEnd)];
}

/** The button of a row that opens its examples. */
export function ShowButton({
  text,
  label,
  open,
}: {
  readonly text: string;
  readonly label: string;
  readonly open: Opening;
}) {
  return (
    <LinkButton onClick={open.onOpen} label={label}>
      {text}
    </LinkButton>
  );
}
