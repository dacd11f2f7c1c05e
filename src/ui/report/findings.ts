import type { AuditResult, Comparison, Estimate } from '#audit/result.ts';
import { chanceOf } from '#ui/evidence/chance.ts';
import { TRUE_LABEL } from '#audit/representation.ts';
import type { Column } from '#dataset/dataset.ts';
import { groupWords } from '#ui/kit/value-words.ts';
import { count, percent, percentNumber, range, upperFirst } from '#ui/kit/format.ts';
import { levelWords, prunedLevel } from '#ui/kit/levels.ts';

/** A number as a finding prints it: the value, and its interval apart so that it can be muted. */
export interface Said {
  readonly value: string;
  readonly interval: string;
}
/** A finding is text and numbers in turn. */
export type Finding = readonly (string | Said)[];

const NBSP = '\u00a0';
const PERCENT = `${NBSP}%`;

export function said(estimate: Estimate, write: (value: number) => string, unit = ''): Said {
  const { value, low, high } = estimate;
  return {
    value: value === null ? '—' : `${write(value)}${unit}`,
    interval: low === null || high === null ? '' : range(low, high, write),
  };
}

/** The level that the findings speak of: the hardest pruned level of at most 0.95, else the last level. Of two as hard, the first. */
export function findingLevel(audit: AuditResult): Comparison | null {
  const sparsity = (level: string): number => prunedLevel(level)?.sparsity ?? NaN;
  const pruned = audit.comparisons
    .filter(({ level }) => sparsity(level) <= 0.95)
    .sort((a, b) => sparsity(b.level) - sparsity(a.level));
  return pruned[0] ?? audit.comparisons.at(-1) ?? null;
}

/** The findings in order: chance, accuracy, changed labels, accuracy on them, the most over-represented group, levels inside chance. */
export function findingsOf(
  audit: AuditResult,
  noun: string,
  columns: readonly Column[],
  target: string,
): readonly Finding[] {
  const findings: Finding[] = [];
  const chance = audit.nullControl?.baseline;
  if (chance && audit.nullControl) {
    findings.push([
      `Seeds alone: two halves of the baseline, ${String(audit.nullControl.halves)} members each, disagree on `,
      said(chance, count),
      ` of ${count(audit.examples)} ${noun}.`,
    ]);
  }
  const chosen = findingLevel(audit);
  if (chosen) {
    const words = levelWords(chosen.level);
    findings.push([
      `With ${words}, accuracy goes from `,
      said(audit.baseline.top1.both, percentNumber, PERCENT),
      ' to ',
      said(chosen.population.top1.both, percentNumber, PERCENT),
      '.',
    ]);
    findings.push([
      'The majority label changes for ',
      said(chosen.modalCie.count.both, count),
      ` of ${count(audit.examples)} ${noun}.`,
    ]);
    const { modalCie } = chosen.accuracy;
    if (modalCie.baseline !== null && modalCie.compressed !== null) {
      findings.push([
        `On those, accuracy goes from `,
        said(modalCie.baselineEstimate.both, percentNumber, PERCENT),
        ' to ',
        said(modalCie.compressedEstimate.both, percentNumber, PERCENT),
        '.',
      ]);
    }
    const most = [...chosen.representation]
      .filter(({ oddsRatio }) => oddsRatio.low !== null && oddsRatio.low > 1)
      .sort((a, b) => (b.overIndexRatio ?? 0) - (a.overIndexRatio ?? 0))[0];
    if (most && most.overIndexRatio !== null && most.cieShare !== null) {
      const group = Object.entries(most.group).map(([name, value]) => [name === TRUE_LABEL ? target : name, value]);
      const name = groupWords(columns, Object.fromEntries(group));
      findings.push([
        `${upperFirst(name)}: ${percent(most.share)} of the ${noun} and ${percent(most.cieShare)} of the changed ones, ${most.overIndexRatio.toFixed(1)} times its share; odds ratio `,
        said(most.oddsRatio, (value_) => value_.toFixed(1)),
        '.',
      ]);
    }
  }
  const inside = audit.comparisons.filter((comparison) => chanceOf(audit, comparison).verdict === 'within');
  if (inside.length > 0) {
    findings.push([
      `Cannot be told from seed noise: ${inside.map(({ level, modalCie }) => `${levelWords(level)} (${count(modalCie.indices.length)} changed)`).join(', ')}.`,
    ]);
  }
  return findings;
}
