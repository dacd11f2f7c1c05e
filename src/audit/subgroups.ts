import type { Group } from './result.ts';

/** A group from pairs of attribute and value, safe for any attribute name. */
export function groupNamed(...entries: readonly (readonly [string, string])[]): Group {
  return Object.fromEntries(entries);
}
