import { orderByName, sameNames } from './resampling.ts';

/** For each baseline member the place of its counterpart (the same name) in the compressed population; null where they are not the same members. */
export function counterpartsOf(baseline: readonly string[], compressed: readonly string[]): readonly number[] | null {
  if (!sameNames(baseline, compressed)) return null;
  const order = orderByName(compressed);
  const partners = baseline.map(() => 0);
  orderByName(baseline).forEach((member, place) => (partners[member] = order[place]!));
  return partners;
}
