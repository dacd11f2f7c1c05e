import { useId } from 'react';
import type { AuditResult, Estimate } from '#audit/result.ts';
import { orWhy, type Cell, type FigureTable } from '#ui/charts/figure-table.tsx';
import { LinkButton } from '#ui/kit/button.tsx';
import { count, counted, percent } from '#ui/kit/format.ts';
import { levelTitle } from '#ui/kit/levels.ts';
import { intervalText } from '#ui/kit/num.tsx';
import { opensCell } from './cells.ts';
import { anewWords } from './change-words.ts';
import { TableSection } from './figure.tsx';
import { ofRate } from './links.ts';
import { groupKey, groupTitle, whyNoRate, type EvidenceView } from './view.ts';
import { showSome } from './words.ts';
import { COUNT, RATE } from './writings.ts';

interface ThresholdTableProps {
  readonly view: EvidenceView;
  /** From which probability on, in percent, an example is called positive. */
  readonly percent: number;
  readonly onPercent: (percent: number) => void;
  readonly at: { readonly probability: number; readonly audit: AuditResult } | null;
}

/** The decision threshold, and the rates of every group and the changed labels there. */
export function ThresholdTable({ view, percent: chosen, onPercent, at }: ThresholdTableProps) {
  const id = useId();
  return (
    <TableSection
      view={view}
      title={`Rates at another threshold${at === null ? '' : `: ${percent(at.probability, 0)}`}`}
      table={at === null ? null : ratesTable(view, at)}
      before={
        <>
          <div className="threshold-control">
            <label htmlFor={id}>Call an example {view.positive} from a probability of</label>
            <input
              id={id}
              type="range"
              min={1}
              max={99}
              step={1}
              value={chosen}
              aria-valuetext={percent(chosen / 100, 0)}
              onChange={(event) => onPercent(Number(event.target.value))}
            />
            <output htmlFor={id}>{percent(chosen / 100, 0)}</output>
            {chosen === 50 ? null : <LinkButton onClick={() => onPercent(50)}>Back to 50 %</LinkButton>}
          </div>
          <p role="status">{at === null ? 'Counting…' : thresholdSentence(view, at)}</p>
        </>
      }
    />
  );
}

/** How many labels change at this threshold, against those of the audit, and what accuracy does. */
function thresholdSentence(view: EvidenceView, { probability, audit }: NonNullable<ThresholdTableProps['at']>): string {
  const comparison = audit.comparisons[0];
  if (comparison === undefined) return '';
  const n = comparison.modalCie.indices.length;
  const ends = intervalText(comparison.modalCie.count.examples, count);
  const usual = view.comparison.modalCie.indices.length;
  const accuracy = (estimate: Estimate): string => (estimate.value === null ? '—' : percent(estimate.value));
  return `From ${percent(probability, 0)} on, ${counted(n, view.noun)} ${n === 1 ? 'changes its label' : 'change their label'}${ends === '' ? '' : ` (${ends}, over ${view.noun[1]})`}; by the members’ own labels ${count(usual)} did. Accuracy goes from ${accuracy(audit.baseline.top1.both)} in the baseline to ${accuracy(comparison.population.top1.both)} at ${levelTitle(comparison.level)}.`;
}

function ratesTable(view: EvidenceView, { probability, audit }: NonNullable<ThresholdTableProps['at']>): FigureTable {
  const comparison = audit.comparisons[0];
  const rows = comparison?.subgroups.filter(({ group }) => Object.keys(group).length < 2) ?? [];
  const rest = view.audit.classes.length > 2 ? ` ${view.positive} against all other classes as one.` : '';
  return {
    caption: `At ${levelTitle(view.comparison.level)}, where everything with a probability of at least ${percent(probability, 0)} is called ${view.positive}.${rest} Means over members; intervals 95 %, ${anewWords('both', view.noun)}.`,
    columns: [
      { name: 'Group' },
      { name: 'Positives', as: COUNT },
      { name: 'Negatives', as: COUNT },
      { name: 'FPR', mark: 'base', as: RATE, interval: true },
      { name: 'FPR', mark: 'comp', as: RATE, interval: true },
      { name: 'FNR', mark: 'base', as: RATE, interval: true },
      { name: 'FNR', mark: 'comp', as: RATE, interval: true },
      { name: '' },
    ],
    rows: () =>
      rows.map((row) => {
        const { count: n, ...open } = ofRate(view, row, 'error', view.comparison.level);
        const rate = (side: 'baselineRates' | 'compressedRates', measure: 'fpr' | 'fnr'): Cell =>
          orWhy(row[side][measure].both, whyNoRate(view, row, measure) ?? 'no members');
        const title = groupTitle(view, row.group);
        return {
          key: groupKey(row.group),
          cells: [
            title,
            row.positives,
            row.negatives,
            rate('baselineRates', 'fpr'),
            rate('compressedRates', 'fpr'),
            rate('baselineRates', 'fnr'),
            rate('compressedRates', 'fnr'),
            opensCell(`Show ${count(n)}`, `${showSome(n, view.noun)}: ${title}`, open),
          ],
        };
      }),
  };
}
