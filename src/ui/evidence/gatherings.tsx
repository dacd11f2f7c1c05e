import { useState } from 'react';
import type { SliceTable, TestedSlice } from '#audit/slice-tests.ts';
import type { FigureTable, Opens } from '#ui/charts/figure-table.tsx';
import { count } from '#ui/kit/format.ts';
import { levelTitle } from '#ui/kit/levels.ts';
import { Segmented } from '#ui/kit/segmented.tsx';
import { opensCell } from './cells.ts';
import { LEVEL } from './change-words.ts';
import { TableSection } from './figure.tsx';
import { ofGroup, opening } from './links.ts';
import { groupKey, groupTitle, type EvidenceView } from './view.ts';
import { Pending } from './pending.tsx';
import { showSome, words } from './words.ts';
import { COUNT, P_VALUE, POINTS, SHARE, SLICE_TIMES } from './writings.ts';

type What = 'cie' | 'loss';
const WHAT = [
  { value: 'cie', label: 'Changed label' },
  { value: 'loss', label: 'Lost accuracy' },
] as const satisfies readonly { readonly value: What; readonly label: string }[];

/** Where CIE, and lost accuracy, gather: the combinations of up to three values that over-index most. */
export function Gatherings({ view }: { readonly view: EvidenceView }) {
  const [what, setWhat] = useState<What>('cie');
  const { comparison, columns } = view;
  const found = comparison.slices?.[what];
  const none =
    columns.length === 0
      ? words.noAttributes
      : found === undefined
        ? null
        : found.rows.length > 0
          ? null
          : what === 'cie'
            ? `No ${view.noun[0]} changed its label in a group of at least ${count(found.minCount)}.`
            : 'No accuracy was lost at this level.';
  return (
    <TableSection
      view={view}
      title="Where CIE gather"
      table={found === undefined || none !== null ? null : slicesTable(view, what, found)}
      before={<Segmented legend="What gathers" options={WHAT} value={what} onChange={setWhat} />}
    >
      {none !== null ? <p className="small">{none}</p> : found === undefined ? <Pending audit={view.audit} /> : null}
    </TableSection>
  );
}

function slicesTable(view: EvidenceView, what: What, { rows, minCount, combinations }: SliceTable): FigureTable {
  const { comparison, noun } = view;
  return {
    caption: `At ${levelTitle(comparison.level)}: the combinations of up to three values on which ${what === 'cie' ? `the ${noun[1]} that changed` : 'lost accuracy'} gather${what === 'cie' ? '' : 's'} most, of at least ${count(minCount)} ${noun[1]} each, best balance of excess and size first (SliceLine). Intervals 95 %, over ${noun[1]}. p: as much by chance, corrected for all ${count(combinations)} combinations (Holm).`,
    columns: [
      { name: 'Combination' },
      { name: noun[1], as: COUNT },
      { name: what === 'cie' ? 'Changed' : 'Points lost', as: what === 'cie' ? SHARE : POINTS, interval: true },
      { name: 'Times the average', as: SLICE_TIMES, interval: true },
      { name: 'p', as: P_VALUE },
      { name: '' },
    ],
    rows: () =>
      rows.map((slice) => ({
        key: groupKey(slice.group),
        highlight: slice.holm <= LEVEL,
        cells: [
          groupTitle(view, slice.group),
          slice.n,
          slice.mean,
          slice.ratio,
          slice.holm,
          opensSlice(view, slice, what),
        ],
      })),
  };
}

function opensSlice(view: EvidenceView, { mean, n: size, group }: TestedSlice, what: What): Opens {
  const n = what === 'cie' ? Math.round((mean.value ?? 0) * size) : size;
  const threshold = what === 'cie' ? 'modal-cie' : 0;
  return opensCell(
    `Show ${count(n)}`,
    `${showSome(n, view.noun)}${what === 'cie' ? ' whose label changed' : ''}: ${groupTitle(view, group)}`,
    opening({ level: view.comparison.level, threshold, ...ofGroup(group) }),
  );
}
