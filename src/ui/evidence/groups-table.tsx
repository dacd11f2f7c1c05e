import type { Uncertain } from '#audit/crossed.ts';
import { count } from '#ui/kit/format.ts';
import { Mark } from '#ui/kit/icons.tsx';
import { levelTitle } from '#ui/kit/levels.ts';
import { changeCells, rateCells, ShowButton } from './cells.tsx';
import { anewWords, pText } from './change-words.ts';
import type { FigureTable } from './figure.tsx';
import { drawnGroups, isSame } from './groups.ts';
import { ofRate } from './links.ts';
import { groupKey, groupTitle, whyNot, type EvidenceView, type Measure } from './view.ts';
import { MEASURE_WORDS } from './measure-words.ts';
import { showSome } from './words.ts';

/** The table of figure 2: every group and pair of groups at the level of the finding, the chosen measure first. */
export function groupsTable(view: EvidenceView, measure: Measure, anew: keyof Uncertain): FigureTable {
  const { comparison, noun, audit } = view;
  const others = (['error', 'fpr', 'fnr'] as const).filter((one) => one !== measure);
  const { short } = MEASURE_WORDS[measure];
  return {
    caption: (
      <>
        <b>Table of figure 2,</b> at {levelTitle(comparison.level)}. Rates are means over{' '}
        {count(audit.baseline.members)} members of the baseline and {count(comparison.population.members)} of the level;
        changes in percent of the baseline. Intervals 95 %, {anewWords(anew, noun)}. p: of no change, were members and{' '}
        {noun[1]} drawn anew, corrected for {count(audit.testedChanges)} comparisons (Holm).
      </>
    ),
    columns: [
      { name: 'Group' },
      { name: noun[1], numeric: true },
      { name: view.positive, numeric: true },
      {
        name: (
          <>
            <Mark kind="base" /> {short}
          </>
        ),
        numeric: true,
      },
      { name: `95 % interval of the baseline’s ${short}`, interval: true },
      {
        name: (
          <>
            <Mark kind="comp" /> {short}
          </>
        ),
        numeric: true,
      },
      { name: `95 % interval of the level’s ${short}`, interval: true },
      ...[measure, ...others].flatMap((one) => [
        { name: `${MEASURE_WORDS[one].short} change`, numeric: true },
        { name: `95 % interval of the ${MEASURE_WORDS[one].short} change`, interval: true },
        { name: 'p', numeric: true },
      ]),
      { name: '' },
    ],
    rows: () => {
      const { steepest } = drawnGroups(comparison, measure);
      return comparison.subgroups.map((row) => {
        const { count: n, ...open } = ofRate(view, row, measure, comparison.level);
        const title = groupTitle(view, row.group);
        return {
          key: groupKey(row.group),
          highlight: isSame(steepest, row.group),
          cells: [
            title,
            count(row.n),
            count(row.positives),
            ...rateCells(row.baselineRates[measure][anew]),
            ...rateCells(row.compressedRates[measure][anew]),
            ...[measure, ...others].flatMap((one) => [
              ...changeCells(row.change[one].percent[anew], whyNot(view, row, one)),
              row.change[one].percent.both.value === null ? '' : pText(row.change[one].tests.holm),
            ]),
            <ShowButton
              key="show"
              text={`Show ${count(n)}`}
              label={`${showSome(n, noun)} behind ${MEASURE_WORDS[measure].many}: ${title}`}
              open={open}
            />,
          ],
        };
      });
    },
  };
}
