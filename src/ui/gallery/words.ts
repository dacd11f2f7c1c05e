import { levelName, type CompressionSpec } from '#compression/spec.ts';

/** The sentences of the gallery. */
export const words = {
  none: 'The gallery opens once a baseline and a compressed population have voted.',
  computing: 'Counting the votes…',
  nothing: 'No example is left. Take a filter away, or show a larger share.',
  changed: 'Label changed',
  top: 'Top share',
  noLabel: 'no label yet',
  saved: 'Saved on this device',
} as const;

export const specOf = (levels: readonly CompressionSpec[], name: string): CompressionSpec | undefined =>
  levels.find((spec) => levelName(spec) === name);

/** The Taxicab score in votes where both populations have the same number of members, else as a proportion. */
export function scoreText(score: number, baselineMembers: number, compressedMembers: number): string {
  return baselineMembers === compressedMembers ? String(Math.round(score * baselineMembers)) : score.toFixed(2);
}
export const scoreUnit = (baselineMembers: number, compressedMembers: number): string =>
  baselineMembers === compressedMembers ? 'votes' : 'of 2';
