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

/** 0.95, hybrid int8: a level as people read it. */
export function levelText(level: string): string {
  return level.startsWith('pruned-') ? level.slice('pruned-'.length) : level.replace('-', ' ');
}

/** What was done at a level, in words. */
export function levelKind(spec: CompressionSpec | undefined): string {
  switch (spec?.kind) {
    case 'pruned':
      return 'pruned';
    case 'hybrid-int8':
    case 'fixed-int8':
      return 'quantized, simulated in float';
    default:
      return '';
  }
}

export const specOf = (levels: readonly CompressionSpec[], name: string): CompressionSpec | undefined =>
  levels.find((spec) => levelName(spec) === name);

/** The Taxicab score in votes where both populations have the same number of members, else as a proportion. */
export function scoreText(score: number, baselineMembers: number, compressedMembers: number): string {
  return baselineMembers === compressedMembers ? String(Math.round(score * baselineMembers)) : score.toFixed(2);
}
export const scoreUnit = (baselineMembers: number, compressedMembers: number): string =>
  baselineMembers === compressedMembers ? 'votes' : 'of 2';
