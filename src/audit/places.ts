import { runSteps, STEP, type Steps } from './steps.ts';

const places = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** Where each example stands, by its id. Kept as long as the ids are. */
export function* findPlaces(ids: readonly string[]): Steps<ReadonlyMap<string, number>> {
  const kept = places.get(ids);
  if (kept) return kept;
  const map = new Map<string, number>();
  for (let i = 0; i < ids.length; i++) {
    map.set(ids[i]!, i);
    if (i % STEP === STEP - 1) yield;
  }
  places.set(ids, map);
  return map;
}

/** The same at once. */
export const placesOf = (ids: readonly string[]): ReadonlyMap<string, number> => runSteps(findPlaces(ids));
