import type { Estimate, RepresentationRow } from '#audit/result.ts';
import { count, counted, percentNumber, signedPercent } from '#ui/kit/format.ts';
import { intervalText } from '#ui/kit/num.tsx';
import { levelText, prunedLevel } from '#ui/kit/levels.ts';
import type { Chance } from './chance.ts';
import { drawnGroups, hardestHit, type HardestHit } from './groups.ts';
import { drawnRepresentation, side } from './over-indexing.ts';
import { MEASURE_WORDS } from './measure-words.ts';
import { groupTitle, rowOf, type EvidenceView, type Measure } from './view.ts';

const NBSP = '\u00a0';

/** The sentences of the evidence. */
export const words = {
  title: 'Evidence',
  none: 'The evidence appears after training, as soon as the baseline and one compressed level have a member each.',
  computing: 'Counting votes, errors and intervals…',
  failed: 'The evidence could not be computed.',
  again: 'Compute again',
  noLevel: 'No compressed level has a finished member yet.',
  deeper: 'Counted in the background: it appears here in a moment.',
  later: 'Counted when training pauses or ends: until then the members need the cores.',
  shallow: 'This could not be counted; everything else stands.',
  noAttributes: 'No attribute was chosen to compare groups by.',
  size: 'Mean over members, computed from their real weights. Zeros take as much room as other numbers: a pruned model is not smaller until it is packed in a sparse format or compressed.',
  few: 'Intervals over members are wide with few members; more members narrow them.',
} as const;

/** How a level was made: "95 % of the weights gone". */
export function levelPhrase(level: string): string {
  const pruned = prunedLevel(level);
  if (pruned !== null) {
    const gone = `With ${String(Number((100 * pruned.sparsity).toFixed(2)))}${NBSP}% of the weights gone`;
    const scoped = pruned.way.startsWith('global') ? `${gone}, wherever they were` : gone;
    return pruned.way.endsWith('tfmot') ? `${scoped}, as TensorFlow prunes` : scoped;
  }
  const rounded = /^(hybrid|fixed)-int(\d)$/u.exec(level);
  if (rounded !== null) {
    const weights = `With weights in ${rounded[2]!}-bit integers`;
    if (rounded[1] === 'hybrid') return weights;
    return rounded[2] === '8'
      ? 'With weights and activations in 8-bit integers'
      : `${weights} and activations in 8-bit ones`;
  }
  if (level === 'qat-int8') return 'Trained for 8-bit integers';
  return `At ${levelText(level)}`;
}

/** What top-line accuracy does, in points; below a twentieth of a point it "stays where it was". */
export function accuracyPhrase(before: number | null, after: number | null): string {
  if (before === null || after === null) return 'accuracy cannot be estimated';
  const points = 100 * (after - before);
  if (Math.abs(points) < 0.05) return 'accuracy stays where it was';
  const size = Math.abs(points).toFixed(1);
  const unit = size === '1.0' ? 'point' : 'points';
  const verb = points > 0 ? 'rises' : points > -3 ? 'slips' : 'falls';
  return `accuracy ${verb} ${size}${NBSP}${unit}`;
}

/** A rise in percent as people say it: 97 "nearly double", 186 "grow 2.9-fold", 40 "rise by 40 %". */
export function risePhrase(percent: number): string {
  if (percent >= 110) return `grow ${(1 + percent / 100).toFixed(1)}-fold`;
  if (percent >= 100) return 'double';
  if (percent >= 90) return 'nearly double';
  return `rise by ${percent.toFixed(0)}${NBSP}%`;
}

/** The headline: at most two sentences made of the numbers of this level. */
export function headline(view: EvidenceView, chance: Chance, hit: HardestHit | null): readonly string[] {
  const { comparison, audit, noun } = view;
  const how = levelPhrase(comparison.level);
  const changed = comparison.modalCie.indices.length;
  const top = `${how}, ${accuracyPhrase(audit.baseline.top1.both.value, comparison.population.top1.both.value)}.`;
  if (changed === 0) return [top, `No ${noun[0]} changed its label.`];
  if (chance.verdict === 'within') {
    return [top, 'What changed cannot be told from training again with other seeds.'];
  }
  if (hit === null) return [top, `The label of ${counted(changed, noun)} changed.`];
  const rise = hit.row.change[hit.measure].percent.both.value ?? 0;
  return [
    top,
    `For the group “${groupTitle(view, hit.row.group)}”, ${MEASURE_WORDS[hit.measure].many} ${risePhrase(rise)}.`,
  ];
}

const CHANCE_GAPS: Partial<Record<Chance['verdict'], string>> = {
  counting: 'How many chance alone would change is still being counted.',
  failed: 'How many chance alone would change could not be counted.',
};

/** Below the headline: how many changed, against chance, and who is over-represented among them. */
export function lead(view: EvidenceView, chance: Chance, over: RepresentationRow | null): string {
  const { comparison, audit, noun } = view;
  const changed = comparison.modalCie.indices.length;
  const whole = `${count(changed)} of ${counted(audit.examples, noun)} changed label`;
  const seeds =
    chance.baseline?.value == null
      ? `. ${CHANCE_GAPS[chance.verdict] ?? 'With fewer than four baseline members there is no telling how many chance alone would change.'}`
      : `, where seed noise alone changes about ${count(chance.baseline.value)}.`;
  if (over === null || (over.overIndexRatio ?? 0) < 1.5 || chance.verdict === 'within') return whole + seeds;
  const times = (over.overIndexRatio ?? 0).toFixed(1);
  return `${whole}${seeds} They are not a random ${count(changed)}: ${quoted(view, over)} is ${times} times as frequent among them.`;
}

const quoted = (view: EvidenceView, { group }: RepresentationRow): string => `“${representationTitle(view, group)}”`;

/** A value of an attribute, or of the true label, in words. */
export function representationTitle(view: EvidenceView, group: RepresentationRow['group']): string {
  const label = group['true_label'];
  if (label === undefined) return groupTitle(view, group);
  return label === view.audit.options.positive
    ? view.positive
    : view.audit.classes.length === 2
      ? view.negative
      : `${view.target}: ${label}`;
}

/** The value of which most more than its share is among the CIEs, with its interval clear of 1; null where none is. */
export function mostOverIndexed(rows: readonly RepresentationRow[]): RepresentationRow | null {
  const clear = rows.filter((row) => side(row) === 'over' && row.overIndexRatio !== null);
  return clear.reduce<RepresentationRow | null>(
    (best, row) => (best === null || row.overIndexRatio! > best.overIndexRatio! ? row : best),
    null,
  );
}

/** Why there is no count of what chance alone does. */
export function chanceGap(verdict: Chance['verdict']): string {
  if (verdict === 'counting') return 'still being counted';
  return verdict === 'failed' ? 'could not be counted' : 'fewer than 4 members';
}

/** "22 (16–30)" */
export function chanceText({ baseline, verdict }: Chance): string {
  if (baseline?.value == null) return `${verdict === 'unknown' ? 'not known with ' : ''}${chanceGap(verdict)}`;
  const range = intervalText(baseline, count);
  return range === '' ? count(baseline.value) : `${count(baseline.value)} (${range})`;
}

/** A change in percent: "+97 %"; more than a thousand percent as times. */
export const change = (value: number): string => signedPercent(value, Math.abs(value) < 9.95 ? 1 : 0);
/** The ends of its interval, without sign for a rise: 61. */
export const changeEnd = (value: number): string => value.toFixed(0);

/** "± 0.2" of an interval that is symmetric around its value, in percent points. */
export function plusMinus({ value, low, high }: Estimate): string {
  if (value === null || low === null || high === null) return '';
  return `±${NBSP}${percentNumber((high - low) / 2)}`;
}

/** Which figures what is partial: "so far 6 of 10 members at this level, 8 of 10 of the baseline". */
export function partialText(view: EvidenceView): string {
  const of = view.planned === null ? '' : ` of ${String(view.planned)}`;
  return `So far ${String(view.audit.baseline.members)}${of} members of the baseline and ${String(view.comparison.population.members)}${of} of this level are in.`;
}

export const showThe = (n: number, noun: readonly [string, string]): string => `Show the ${counted(n, noun)}`;
/** The same for a button that says only how many: what it is called must hold what can be read on it. */
export const showSome = (n: number, noun: readonly [string, string]): string => `Show ${counted(n, noun)}`;

/** The claim of figure 2 for a measure: whose rate rises most, against everyone; or that no group stands out. */
export function groupsClaim(view: EvidenceView, measure: Measure): string {
  const { comparison } = view;
  const { many } = MEASURE_WORDS[measure];
  const common = rowOf(comparison, {})?.change[measure].percent.both.value ?? null;
  const at = levelText(comparison.level);
  const everyone = common === null ? '' : ` Everyone: ${change(common)}.`;
  const hit = hardestHit(comparison, [measure]);
  if (hit !== null) {
    const rise = hit.row.change[measure].percent.both.value ?? 0;
    return `Groups pay unequally. At ${at}, ${many} of “${groupTitle(view, hit.row.group)}” ${risePhrase(rise)}.${everyone}`;
  }
  return drawnGroups(comparison, measure).steepest === null
    ? `No group is large enough to estimate how its ${many} change.`
    : `At ${at}, no group’s ${many} rise clearly more than everyone’s.${everyone}`;
}

/** The claim of figure 3: what accuracy does on the examples whose label changed, against all of them. */
export function accuracyClaim({ comparison, noun }: EvidenceView): string {
  const { all, modalCie } = comparison.accuracy;
  if (modalCie.compressed === null || modalCie.baseline === null || all.compressed === null) {
    return `No ${noun[0]} changed its label, so there is nothing to compare.`;
  }
  const parts = `the compressed members are right on ${percentNumber(modalCie.compressed, 0)}${NBSP}% of them, the baseline on ${percentNumber(modalCie.baseline, 0)}${NBSP}%`;
  return modalCie.compressed < modalCie.baseline
    ? `The ${noun[1]} that changed are where it costs: ${parts}.`
    : `On the ${noun[1]} that changed, compression costs nothing: ${parts}.`;
}

/** The claim of figure 4: who turns up more often among the changed than in the data. */
export function representationClaim(view: EvidenceView): string {
  const { comparison, noun } = view;
  if (comparison.modalCie.indices.length === 0)
    return `No ${noun[0]} changed its label, so no group is over-represented.`;
  const rows = comparison.representation;
  const over = mostOverIndexed(drawnRepresentation(rows)) ?? mostOverIndexed(rows);
  if (over === null) return `The ${noun[1]} that changed resemble the data: no group is clearly over-represented.`;
  return `“${representationTitle(view, over.group)}” is ${percentNumber(over.share, over.share < 0.1 ? 1 : 0)}${NBSP}% of the data and ${percentNumber(over.cieShare ?? 0, 0)}${NBSP}% of the ${noun[1]} that changed.`;
}

/** "3.6×" */
export const ratio = (value: number | null): string =>
  value === null ? '—' : `${value.toFixed(value < 0.995 ? 2 : 1)}×`;
