import type { AccuracyRow } from '#audit/result.ts';
import { count } from '#ui/kit/format.ts';
import { levelText, levelTitle } from '#ui/kit/levels.ts';
import { intervalText } from '#ui/kit/num.tsx';
import { ShowButton, shareCells } from './cells.tsx';
import { anewWords } from './change-words.ts';
import { chanceOf } from './chance.ts';
import type { FigureTable } from './figure.tsx';
import { opening } from './links.ts';
import type { EvidenceView } from './view.ts';
import { chanceText, showThe } from './words.ts';

export function overviewTable(view: EvidenceView): FigureTable {
  const { audit, places, noun } = view;
  const cieAccuracy = (row: AccuracyRow) => shareCells(row.compressedEstimate.both, 'none changed');
  return {
    caption: (
      <>
        <b>Table of figure 1.</b> Accuracy is the mean over members. Intervals 95 %, {anewWords('both', noun)}. Chance
        and excess compare halves of equal size: half of the baseline with its other half, and with as many members of
        the level.
      </>
    ),
    columns: [
      { name: 'Level' },
      { name: 'Members', numeric: true },
      { name: 'Accuracy', numeric: true },
      { name: '95 % interval of the accuracy', interval: true },
      { name: `${noun[1]} changed`, numeric: true },
      { name: '95 % interval of the count', interval: true },
      { name: 'Half against half', numeric: true },
      { name: 'Excess over chance', numeric: true },
      { name: '95 % interval of the excess', interval: true },
      { name: 'Accuracy on them', numeric: true },
      { name: '95 % interval of the accuracy on them', interval: true },
      { name: '' },
    ],
    rows: () => [
      {
        key: 'baseline',
        cells: [
          'baseline',
          count(audit.baseline.members),
          ...shareCells(audit.baseline.top1.both),
          '',
          '',
          audit.nullControl === null ? '' : chanceText(chanceOf(audit, view.comparison)),
          '',
          '',
          '',
          '',
          '',
        ],
      },
      ...places.map(({ comparison }) => {
        const { level, population, modalCie, accuracy } = comparison;
        const { level: halves, excess } = chanceOf(audit, comparison);
        const n = modalCie.indices.length;
        return {
          key: level,
          highlight: level === view.comparison.level,
          cells: [
            levelText(level),
            count(population.members),
            ...shareCells(population.top1.both),
            count(n),
            intervalText(modalCie.count.both, count),
            halves?.value == null ? '' : `${count(halves.value)} (${intervalText(halves, count)})`,
            excess?.value == null ? '' : signed(excess.value),
            excess === null ? '' : intervalText(excess, signed),
            ...cieAccuracy(accuracy.modalCie),
            <ShowButton
              key="show"
              text={showThe(n, noun)}
              label={`${showThe(n, noun)} whose label changed at ${levelTitle(level)}`}
              open={opening({ level, threshold: 'modal-cie' })}
            />,
          ],
        };
      }),
    ],
  };
}

const signed = (value: number): string => `${value < 0 ? '−' : ''}${count(Math.abs(value))}`;
