import type { CompressionSpec } from '#compression/spec.ts';

/** How levels are called on screen, from their names in files and links (`levelName`). */

/** The way of pruning (semantics and scope, in words for keys) and the sparsity that the name of a pruned level says; null for any other level. */
export function prunedLevel(level: string): {
  readonly way: 'hooker' | 'tfmot' | 'global hooker' | 'global tfmot';
  readonly sparsity: number;
} | null {
  const found = /^(pruned|tfmot|global|global-tfmot)-([\d.e-]+)$/u.exec(level);
  if (found === null) return null;
  const ways = { pruned: 'hooker', tfmot: 'tfmot', global: 'global hooker', 'global-tfmot': 'global tfmot' } as const;
  return { way: ways[found[1] as keyof typeof ways], sparsity: Number(found[2]) };
}

/** A level's stages, of which all but a pipeline have one: the parts of its name. */
const stagesOfName = (level: string): readonly string[] => level.split('+');

/** Baseline, 0.95, tfmot 0.95, hybrid int8, QAT int8, filters 0.5, 0.95 + fixed int8; another name with spaces for its hyphens. */
export function levelText(level: string): string {
  return stagesOfName(level).map(stageText).join(' + ');
}

function stageText(stage: string): string {
  if (stage === 'baseline') return 'Baseline';
  if (stage === 'qat-int8') return 'QAT int8';
  if (stage.startsWith('pruned-')) return stage.slice('pruned-'.length);
  const words = stage.replaceAll('-', ' ');
  return stage.startsWith('distilled-') ? words.replace(/ (\d+)(?: \1)+(?= |$)/gu, timesText) : words;
}

/** " 16 16 16" is " 3 × 16". */
const timesText = (run: string, width: string): string => ` ${String(run.trim().split(' ').length)} × ${width}`;

/** "level 0.95" in a sentence; "hybrid int8" needs no such word. */
export function levelTitle(level: string): string {
  return prunedLevel(stagesOfName(level)[0]!) === null ? levelText(level) : `level ${levelText(level)}`;
}

/** As short as an axis allows: 0.95, tfmot 0.95, hybrid, fixed, QAT. */
export function levelTick(level: string): string {
  return levelText(level).replace(/ int8$/u, '');
}

/** "95 % of the weights removed", "hybrid int8", "95 % of the weights removed, then fixed int8": what was done, as a sentence says it. */
export function levelWords(level: string): string {
  return stagesOfName(level).map(stageWords).join(', then ');
}

function stageWords(stage: string): string {
  const filters = /^filters-(?:l2-)?([\d.e-]+)$/u.exec(stage);
  if (filters !== null) return `${percentText(Number(filters[1]))} of the filters and neurons removed`;
  if (stage.startsWith('distilled-'))
    return `distilled into a smaller model (${stageText(stage).slice('distilled '.length)})`;
  const pruned = prunedLevel(stage);
  if (pruned === null) return stageText(stage);
  const share = `${percentText(pruned.sparsity)} of the weights removed`;
  const scoped = pruned.way.startsWith('global') ? `${share}, wherever they are,` : share;
  return pruned.way.endsWith('tfmot') ? `${scoped} as TensorFlow does` : scoped.replace(/,$/u, '');
}

const percentText = (share: number): string => `${String(Math.round(1000 * share) / 10)}\u00a0%`;

/** What was done at a level, in a word or two; empty for the baseline and for no level. */
export function levelKind(spec: CompressionSpec | undefined): string {
  switch (spec?.kind) {
    case 'pruned':
      return spec.semantics === 'tfmot' ? 'pruned as in TensorFlow' : 'pruned';
    case 'structured':
      return 'filters removed';
    case 'distilled':
      return 'distilled into a smaller model';
    case 'pipeline':
      return spec.stages.map(levelKind).join(', then ');
    case 'hybrid-int8':
    case 'fixed-int8':
      return 'quantized, simulated in float';
    case 'qat-int8':
      return 'trained for int8, simulated in float';
    case 'baseline':
    case undefined:
      return '';
    default:
      return spec satisfies never;
  }
}
