import type { AuditExamples } from '#audit/predictions.ts';

const kept = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** Where each audited example stands, by its id. Kept as long as the ids are. */
export function placesOf({ ids }: Pick<AuditExamples, 'ids'>): ReadonlyMap<string, number> {
  let places = kept.get(ids);
  if (!places) kept.set(ids, (places = new Map(ids.map((id, x) => [id, x]))));
  return places;
}
