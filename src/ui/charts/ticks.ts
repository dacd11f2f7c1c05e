import type { Axis } from './plot.tsx';

/** An axis of fractions in percent that holds all values: ends at multiples of `step` percent, within [0, 100]. */
export function percentAxis(
  fractions: readonly (number | null)[],
  step: number,
  format: (value: number) => string,
): Axis {
  const known = fractions.filter((value): value is number => value !== null).map((value) => 100 * value);
  const low = Math.max(0, Math.floor((Math.min(100, ...known) - 1e-9) / step) * step);
  const high = Math.min(100, Math.ceil((Math.max(0, ...known) + 1e-9) / step) * step);
  const bottom = low === high ? Math.max(0, high - step) : low;
  const rows = Math.round((high - bottom) / step);
  const every = rows > 6 ? 2 * step : step;
  const ticks: number[] = [];
  for (let tick = high; tick >= bottom; tick -= every) ticks.unshift(tick);
  return { domain: [bottom, high], ticks, format };
}

/** Where 0 stands on a logarithmic axis of counts: one step below 1. */
export const ZERO = 0.4;

/** A logarithmic axis for counts from 0: ticks 1, 3, 10, 30 ...; 0 has a place of its own below 1. */
export function countAxis(counts: readonly (number | null)[]): Axis {
  const known = counts.filter((value): value is number => value !== null);
  const most = Math.max(10, ...known);
  const least = Math.min(most, ...known);
  const steps: number[] = [];
  for (let power = 1; power <= most * 10; power *= 10) steps.push(power, 3 * power);
  const high = steps.find((tick) => tick >= most) ?? most;
  const low = least < 1 ? ZERO : (steps.findLast((tick) => tick <= least) ?? 1);
  const ticks = [...(low === ZERO ? [ZERO] : []), ...steps.filter((tick) => tick >= low && tick <= high)];
  return { domain: [low, high], ticks, log: true, format: (tick) => (tick === ZERO ? '0' : tick.toLocaleString('en')) };
}

/** A symmetric-step axis in percent from at most 0 to at least 0, capped at ±100. */
export function changeAxis(values: readonly (number | null)[], format: (value: number) => string): Axis {
  const known = values.filter((value): value is number => value !== null);
  const step = Math.max(0, ...known.map(Math.abs)) > 40 ? 25 : 10;
  const low = Math.max(-100, Math.floor(Math.min(0, ...known) / step) * step);
  const high = Math.min(100, Math.ceil(Math.max(step, ...known) / step) * step);
  const ticks: number[] = [];
  for (let tick = low; tick <= high; tick += step) ticks.push(tick);
  return { domain: [low, high], ticks, format };
}

/** A logarithmic axis of ratios around 1, powers of two, from 1/16 to 64 at most. */
export function ratioAxis(ratios: readonly (number | null)[]): Axis {
  const known = ratios.filter((value): value is number => value !== null && value > 0).map(Math.log2);
  const low = Math.max(-4, Math.floor(Math.min(-1, ...known)));
  const high = Math.min(6, Math.ceil(Math.max(1, ...known)));
  const every = high - low > 6 ? 2 : 1;
  const ticks: number[] = [];
  for (let power = low; power <= high; power++) if (power % every === 0) ticks.push(2 ** power);
  return { domain: [2 ** low, 2 ** high], ticks, log: true, format: (tick) => `${String(tick)}×` };
}

/** An axis from 0 to a round number that holds all values, in about five steps of 1, 2 or 5 times a power of ten. */
export function linearAxis(values: readonly (number | null)[], format?: (value: number) => string): Axis {
  const most = Math.max(Number.EPSILON, ...values.filter((value): value is number => value !== null));
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const steps = Math.ceil(most / step - 1e-9);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = Array.from({ length: steps + 1 }, (_, i) => Number((i * step).toPrecision(12)));
  return { domain: [0, steps * step], ticks, format: format ?? ((tick) => tick.toFixed(digits)) };
}
