import { levelName, type CompressionSpec } from '#compression/spec.ts';
import type { SelectionOrder } from '#audit/selection.ts';
import type { Option } from '#ui/kit/field.tsx';
import { list } from '#ui/kit/format.ts';
import { levelTitle } from '#ui/kit/levels.ts';
import { votesOf, type GalleryView } from './use-gallery-view.ts';

/** The sentences of the gallery. */
export const words = {
  none: 'The gallery opens once a baseline and a compressed population have voted.',
  computing: 'Counting the votes…',
  nothing: 'No example is left. Take a filter away, or show a larger share.',
  changed: 'Label changed',
  top: 'Top share',
  noLabel: 'no label yet',
  missing: 'missing',
  noPartner: 'Its own label did not change, or no label of its class stayed.',
  beside: 'Beside an unchanged one',
  saved: 'Saved on this device',
  noEmbeddings:
    'Not known: this audit came without what a member’s last layer reads. Members that are trained here keep it.',
} as const;

/** The orders on offer, and those that these data cannot give with the reason. */
export const ORDERS: readonly Option<SelectionOrder>[] = [
  { value: 'taxicab', label: 'Taxicab score' },
  { value: 'jaccard', label: 'Jaccard score' },
  { value: 'modal-change', label: 'Changed labels first' },
  { value: 'confidence-shift', label: 'Confidence shift' },
  { value: 'true-label', label: 'True label' },
  { value: 'id', label: 'Id' },
];

const ORDER_SAID: Readonly<Record<Exclude<SelectionOrder, 'confidence-shift'>, string>> = {
  taxicab: 'most disagreement first',
  jaccard: 'most disagreement first; Jaccard always orders as Taxicab does',
  'modal-change': 'changed labels first, then most disagreement',
  'true-label': 'by true label, then most disagreement',
  id: 'by id',
};

/** What stands after "400 faces, " in the head of the list. */
export function orderSaid({ order, confidence, wholeNames, examples, positive }: GalleryView): string {
  if (order !== 'confidence-shift') return ORDER_SAID[order];
  const name = wholeNames[examples.classes.indexOf(positive)] ?? positive;
  if (confidence === null) return 'reading the members’ probabilities…';
  return confidence.by === 'probability'
    ? `largest change of the members’ mean probability of ${name} first`
    : `largest change of the share of votes for ${name} first: these members gave no probabilities`;
}

export const specOf = (levels: readonly CompressionSpec[], name: string): CompressionSpec | undefined =>
  levels.find((spec) => levelName(spec) === name);

/** The Taxicab score in votes where both populations have the same number of members, else as a proportion. */
export function scoreText(score: number, baselineMembers: number, compressedMembers: number): string {
  return baselineMembers === compressedMembers ? String(Math.round(score * baselineMembers)) : score.toFixed(2);
}
export const scoreUnit = (baselineMembers: number, compressedMembers: number): string =>
  baselineMembers === compressedMembers ? 'votes' : 'of 2';

/** The true label and the votes of an example in words: "true label Blond, baseline 28 Blond and 2 not, level 0.95 3 Blond and 27 not". */
export function votesText(view: GalleryView, example: number): string {
  const { examples, wholeNames, comparison } = view;
  const rows = votesOf({ ...view, names: wholeNames }, example);
  const said = (who: 'baseline' | 'compressed'): string =>
    list(rows.filter((row) => row[who] > 0).map((row) => `${String(row[who])} ${row.label}`));
  const truth = wholeNames[examples.labels[example] ?? -1] ?? '';
  return `true label ${truth}, baseline votes ${said('baseline')}, votes at ${levelTitle(comparison.level)} ${said('compressed')}`;
}

/** What the picture of an example shows, in words. */
export const pictureText = (view: GalleryView, example: number): string =>
  `${view.dataset.noun[0]} ${view.examples.ids[example] ?? ''}, ${votesText(view, example)}`;
