import type { Estimate } from '#audit/result.ts';
import { NotEstimable } from './not-estimable.tsx';

interface NumProps {
  readonly estimate: Estimate;
  /** Writes a value and both ends, without unit: `percentNumber`. */
  readonly format: (value: number) => string;
  /** Written once after the value, with a no-break space: "%". */
  readonly unit?: string;
  /** Said where there is no value. */
  readonly reason?: string;
}

const NBSP = '\u00a0';

/** The 95 % interval of an estimate as text: "397–433"; empty where it cannot be estimated. */
export function intervalText(estimate: Estimate, format: (value: number) => string): string {
  return estimate.low === null || estimate.high === null ? '' : `${format(estimate.low)}–${format(estimate.high)}`;
}

/** A number that brings its uncertainty, smaller and muted, right after it. */
export function Num({ estimate, format, unit, reason = 'not known' }: NumProps) {
  if (estimate.value === null) return <NotEstimable reason={reason} />;
  const interval = intervalText(estimate, format);
  return (
    <>
      {format(estimate.value)}
      {unit === undefined ? '' : `${NBSP}${unit}`}
      {interval === '' ? null : (
        <span className="ci" title="95 % interval">
          {' '}
          {interval}
        </span>
      )}
    </>
  );
}
