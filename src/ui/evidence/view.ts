import type { AuditResult, Comparison, Group, Rates, SubgroupRow } from '#audit/result.ts';
import type { Column } from '#dataset/dataset.ts';
import type { EvidenceState } from '#store/state.ts';
import { groupWords, valueWords } from '#ui/kit/value-words.ts';
import { levelPlaces, type LevelPlace } from './levels.ts';

export type ReadyEvidence = Extract<EvidenceState, { kind: 'ready' }>;
export type Measure = keyof Rates;

/** What every figure needs: the audit, the level of the finding and how things are called. */
export interface EvidenceView {
  readonly evidence: ReadyEvidence;
  readonly audit: AuditResult;
  /** The level of the finding. */
  readonly comparison: Comparison;
  readonly places: readonly LevelPlace[];
  /** What is audited, as its files are called: "Drawn faces". */
  readonly title: string;
  /** One and many examples: ["face", "faces"]. */
  readonly noun: readonly [string, string];
  readonly columns: readonly Column[];
  readonly target: string;
  /** The positive class and the rest in words: "Blond", "not Blond". */
  readonly positive: string;
  readonly negative: string;
  /** Members planned for each population; null where the plan is not known. */
  readonly planned: number | null;
}

/** Null without any compressed level. A level that is not there falls back to the first. */
export function evidenceView(
  evidence: ReadyEvidence,
  level: string,
  names: Pick<EvidenceView, 'title' | 'noun' | 'target' | 'planned'>,
): EvidenceView | null {
  const { audit, examples } = evidence;
  const places = levelPlaces(audit);
  const comparison = audit.comparisons.find((one) => one.level === level) ?? places[0]?.comparison;
  if (comparison === undefined) return null;
  const column: Column = { name: names.target, values: examples.classes, codes: new Int16Array() };
  const others = examples.classes.filter((name) => name !== audit.options.positive);
  const positive = valueWords(column, names.target, audit.options.positive);
  return {
    evidence,
    audit,
    comparison,
    places,
    ...names,
    columns: examples.attributes,
    positive,
    negative: others.length === 1 ? valueWords(column, names.target, others[0]!) : `not ${positive}`,
  };
}

/** "Male, not Young"; "Everyone" for the empty group. */
export function groupTitle({ columns }: Pick<EvidenceView, 'columns'>, group: Group): string {
  const text = groupWords(columns, group);
  return Object.keys(group).length === 0 ? 'Everyone' : text.charAt(0).toUpperCase() + text.slice(1);
}

export const groupKey = (group: Group): string => JSON.stringify(group);

export function rowOf(comparison: Comparison, group: Group): SubgroupRow | undefined {
  const key = groupKey(group);
  return comparison.subgroups.find((row) => groupKey(row.group) === key);
}

/** How many examples of a group a rate is over. */
export function denominator(row: SubgroupRow, measure: Measure): number {
  return measure === 'error' ? row.n : measure === 'fpr' ? row.negatives : row.positives;
}

/** Why a rate has no value: "26 Blond, 30 needed", "no Blond". Null where it has one. */
export function whyNoRate(view: EvidenceView, row: SubgroupRow, measure: Measure): string | null {
  const size = denominator(row, measure);
  const what = measure === 'error' ? view.noun[1] : measure === 'fpr' ? view.negative : view.positive;
  const needed = Math.max(1, view.audit.options.minCount);
  if (size === 0) return `no ${what}`;
  return size < needed ? `${String(size)} ${what}, ${String(needed)} needed` : null;
}

/** Why a change has no value: as of a rate, or "no such error in the baseline". Null where it has one. */
export function whyNot(view: EvidenceView, row: SubgroupRow, measure: Measure): string | null {
  if (row.change[measure].percent.both.value !== null) return null;
  return whyNoRate(view, row, measure) ?? 'no such error in the baseline';
}
