/**
 * The quantile at `fraction` in [0,1], linear between the two nearest values (type 7 of Hyndman & Fan 1996); NaN of no values.
 */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = fraction * (sorted.length - 1);
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** First and third quartile. */
export const spread = (values: readonly number[]): readonly [number, number] => [
  quantile(values, 0.25),
  quantile(values, 0.75),
];

/**
 * a / b of every round in which both were measured: clocks of machines drift, and a round is short. Where one side ended
 * earlier, the rounds it has count.
 */
export function pairedRatios(a: readonly number[], b: readonly number[]): number[] {
  return a.slice(0, b.length).map((value, round) => value / b[round]!);
}
