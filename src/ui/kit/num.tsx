import type { Estimate } from '#audit/result.ts';
import { properMinus, range } from './format.ts';
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

/** The 95 % interval of an estimate as text: "397–433", "−3.0 to 12.0"; empty where it cannot be estimated. */
export function intervalText({ low, high }: Estimate, format: (value: number) => string): string {
  return low === null || high === null ? '' : range(low, high, format);
}

/** A number that brings its uncertainty, smaller and muted, right after it. */
export function Num({ estimate, format, unit, reason = 'not known' }: NumProps) {
  if (estimate.value === null) return <NotEstimable reason={reason} />;
  const interval = intervalText(estimate, format);
  return (
    <>
      {properMinus(format(estimate.value))}
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
