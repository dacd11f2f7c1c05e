import { complement } from '#audit/crossed.ts';
import type { SubgroupRow } from '#audit/result.ts';
import { orWhy, type Cell, type FigureTable } from '#ui/charts/figure-table.tsx';
import { count } from '#ui/kit/format.ts';
import { levelText } from '#ui/kit/levels.ts';
import { opensCell } from './cells.ts';
import { anewWords } from './change-words.ts';
import { partsOf } from './figure-accuracy.tsx';
import { TableSection } from './figure.tsx';
import { ofRate } from './links.ts';
import { HOOKER_TABLE_2, KAMAL_ACCURACY, KAMAL_TABLE_1 } from './papers.ts';
import { groupKey, groupTitle, rowOf, whyNoRate, type EvidenceView } from './view.ts';
import { showSome, words } from './words.ts';
import { COUNT, SHARE } from './writings.ts';

/** Accuracy of the compressed population on CIE, against all, at every level (Hooker et al., table 2). */
export function CieAccuracyTable({ view }: { readonly view: EvidenceView }) {
  const { places, comparison, noun } = view;
  const table: FigureTable = {
    caption: `Mean accuracy of the compressed members; intervals 95 %, ${anewWords('both', noun)}. Which ${noun[1]} are in a part is taken as given. “Top” is the top of the Taxicab ranking.`,
    columns: [
      { name: 'Level' },
      { name: `${noun[1]} changed`, as: COUNT },
      ...partsOf(comparison).map(({ name }) => ({ name, as: SHARE, interval: true })),
    ],
    rows: () =>
      places.map(({ comparison: at }) => ({
        key: at.level,
        highlight: at.level === comparison.level,
        cells: [
          levelText(at.level),
          at.modalCie.indices.length,
          ...partsOf(at).map(({ row }): Cell => orWhy(row.compressedEstimate.both, `no ${noun[1]}`)),
        ],
      })),
  };
  return (
    <TableSection
      view={view}
      title="Accuracy on what changed, by level"
      table={table}
      everyLevel
      papers={[HOOKER_TABLE_2]}
    />
  );
}

/** How many examples every group has and how often members are right on them, at every level (Kamal & Talbert, table 1 and accuracy by subgroup). */
export function GroupAccuracyTable({ view }: { readonly view: EvidenceView }) {
  const { places, comparison, noun, columns } = view;
  const groups = comparison.subgroups.filter(({ group }) => Object.keys(group).length < 2);
  const accuracy = (row: SubgroupRow | undefined, side: 'baselineRates' | 'compressedRates'): Cell =>
    row === undefined
      ? { missing: 'not in this audit' }
      : orWhy(complement(row[side].error).both, whyNoRate(view, row, 'error') ?? 'no members');
  const table: FigureTable = {
    caption: `Audited ${noun[1]} of every group, and the mean accuracy of the members on them. Intervals 95 %, ${anewWords('both', noun)}.`,
    columns: [
      { name: 'Group' },
      { name: noun[1], as: COUNT },
      { name: 'baseline', as: SHARE, interval: true },
      ...places.map(({ comparison: { level } }) => ({ name: levelText(level), as: SHARE, interval: true })),
      { name: '' },
    ],
    rows: () =>
      groups.map((row) => {
        const { count: n, ...open } = ofRate(view, row, 'error', comparison.level);
        const title = groupTitle(view, row.group);
        return {
          key: groupKey(row.group),
          cells: [
            title,
            row.n,
            accuracy(row, 'baselineRates'),
            ...places.map((place) => accuracy(rowOf(place.comparison, row.group), 'compressedRates')),
            opensCell(`Show ${count(n)}`, `${showSome(n, noun)}: ${title}`, open),
          ],
        };
      }),
  };
  return (
    <TableSection
      view={view}
      title="Accuracy by group and level"
      table={table}
      everyLevel
      papers={[KAMAL_TABLE_1, KAMAL_ACCURACY]}
    >
      {columns.length === 0 ? <p className="small">{words.noAttributes}</p> : null}
    </TableSection>
  );
}
