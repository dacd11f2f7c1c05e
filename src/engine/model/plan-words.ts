/** A limit that keeps a run within reach of a browser. */
export const MOST_STEPS = 1_000_000;

/** What is wrong with a plan, a sentence each; null: nothing. */
export type Messages = readonly (string | null)[];

export function isCount(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}

export function countProblem(what: string, value: number, least: number, most: number): string | null {
  if (isCount(value, least, most)) return null;
  return `The number of ${what} must be a whole number from ${shown(least)} to ${shown(most)}, not ${shown(value)}.`;
}

export function shown(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en') : String(value);
}

export function seedProblem(what: string, seed: number): string | null {
  if (isCount(seed, 0, Number.MAX_SAFE_INTEGER)) return null;
  return `${what} must be a whole number from 0 to ${shown(Number.MAX_SAFE_INTEGER)}, not ${shown(seed)}.`;
}
