import type { Uncertain } from '#audit/crossed.ts';
import type { Comparison, Estimate } from '#audit/result.ts';
import { orWhy, type Cell, type Column, type FigureTable, type Row } from '#ui/charts/figure-table.tsx';
import { count } from '#ui/kit/format.ts';
import { levelText, levelTitle } from '#ui/kit/levels.ts';
import { opensCell } from './cells.ts';
import { anewWords } from './change-words.ts';
import { drawnGroups, isSame } from './groups.ts';
import { ofRate } from './links.ts';
import { groupKey, groupTitle, whyNot, whyNoRate, type EvidenceView, type Measure } from './view.ts';
import { MEASURE_WORDS } from './measure-words.ts';
import { showSome } from './words.ts';
import { CHANGE, COUNT, P_VALUE, RATE } from './writings.ts';

/** The table of figure 2: every group and pair of groups at the level of the finding, the chosen measure first. */
export function groupsTable(view: EvidenceView, measure: Measure, anew: keyof Uncertain): FigureTable {
  const { comparison, noun, audit, places } = view;
  const measures = [measure, ...(['error', 'fpr', 'fnr'] as const).filter((one) => one !== measure)];
  const { short } = MEASURE_WORDS[measure];
  function* rows(at: Comparison): Generator<Row> {
    const { steepest } = drawnGroups(at, measure);
    for (const row of at.subgroups) {
      const { count: n, ...open } = ofRate(view, row, measure, at.level);
      const title = groupTitle(view, row.group);
      const rate = (estimate: Estimate): Cell => orWhy(estimate, whyNoRate(view, row, measure) ?? 'no members');
      yield {
        key: groupKey(row.group),
        highlight: isSame(steepest, row.group),
        cells: [
          title,
          row.n,
          row.positives,
          rate(row.baselineRates[measure][anew]),
          rate(row.compressedRates[measure][anew]),
          ...measures.flatMap((one): readonly Cell[] => {
            const { percent, tests } = row.change[one];
            const known = percent.both.value !== null;
            return [
              orWhy(percent[anew], whyNot(view, row, one) ?? 'not known'),
              known ? (tests.holm ?? { missing: 'cannot be tested' }) : null,
            ];
          }),
          opensCell(`Show ${count(n)}`, `${showSome(n, noun)} behind ${MEASURE_WORDS[measure].many}: ${title}`, open),
        ],
      };
    }
  }
  return {
    caption: (
      <>
        <b>Table of figure 2,</b> at {levelTitle(comparison.level)}. Rates are means over{' '}
        {count(audit.baseline.members)} members of the baseline and {count(comparison.population.members)} of the level;
        changes in percent of the baseline. Intervals 95 %, {anewWords(anew, noun)}. p: of no change, were members and{' '}
        {noun[1]} drawn anew, corrected for {count(audit.testedChanges)} comparisons (Holm). The CSV has every level.
      </>
    ),
    columns: [
      { name: 'Group' },
      { name: noun[1], as: COUNT },
      { name: view.positive, as: COUNT },
      { name: short, mark: 'base', as: RATE, interval: true },
      { name: short, mark: 'comp', as: RATE, interval: true },
      ...measures.flatMap((one): readonly Column[] => [
        { name: `${MEASURE_WORDS[one].short} change`, as: CHANGE, interval: true, strong: true },
        { name: `p of the ${MEASURE_WORDS[one].short} change`, as: P_VALUE },
      ]),
      { name: '' },
    ],
    rows: () => [...rows(comparison)],
    *everyLevel() {
      for (const { comparison: at } of places)
        for (const row of rows(at)) yield { ...row, cells: [levelText(at.level), ...row.cells] };
    },
  };
}
