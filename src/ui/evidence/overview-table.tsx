import { orWhy, type Cell, type FigureTable } from '#ui/charts/figure-table.tsx';
import { levelText, levelTitle } from '#ui/kit/levels.ts';
import { opensCell } from './cells.ts';
import { anewWords } from './change-words.ts';
import { chanceOf, type Chance } from './chance.ts';
import { opening } from './links.ts';
import type { EvidenceView } from './view.ts';
import { chanceGap, showThe } from './words.ts';
import { COUNT, SHARE } from './writings.ts';

export function overviewTable(view: EvidenceView): FigureTable {
  const { audit, places, noun } = view;
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
      { name: 'Members', as: COUNT },
      { name: 'Accuracy', as: SHARE, interval: true },
      { name: `${noun[1]} changed`, as: COUNT, interval: true },
      { name: 'Half against half', as: COUNT, interval: true },
      { name: 'Excess over chance', as: COUNT, interval: true },
      { name: 'Accuracy on them', as: SHARE, interval: true },
      { name: '' },
    ],
    rows: () => {
      const base = chanceOf(audit, view.comparison);
      return [
        {
          key: 'baseline',
          cells: [
            'baseline',
            audit.baseline.members,
            orWhy(audit.baseline.top1.both, 'no members'),
            null,
            halves(base, base.baseline),
            null,
            null,
            null,
          ],
        },
        ...places.map(({ comparison }) => {
          const { level, population, modalCie, accuracy } = comparison;
          const chance = chanceOf(audit, comparison);
          const n = modalCie.indices.length;
          return {
            key: level,
            highlight: level === view.comparison.level,
            cells: [
              levelText(level),
              population.members,
              orWhy(population.top1.both, 'no members'),
              modalCie.count.both,
              halves(chance, chance.level),
              halves(chance, chance.excess),
              orWhy(accuracy.modalCie.compressedEstimate.both, 'none changed'),
              opensCell(
                showThe(n, noun),
                `${showThe(n, noun)} whose label changed at ${levelTitle(level)}`,
                opening({ level, threshold: 'modal-cie' }),
              ),
            ],
          };
        }),
      ];
    },
  };
}

function halves({ verdict }: Chance, estimate: Chance['level']): Cell {
  if (estimate?.value != null) return estimate;
  return { missing: chanceGap(verdict) };
}
