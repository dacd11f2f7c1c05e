import { useState } from 'react';
import type { TestedSlice } from '#audit/slice-tests.ts';
import type { Estimate } from '#audit/result.ts';
import { count, percentNumber } from '#ui/kit/format.ts';
import { ErrorBoundary } from '#ui/kit/error-boundary.tsx';
import { levelTitle } from '#ui/kit/levels.ts';
import { intervalText } from '#ui/kit/num.tsx';
import { Segmented } from '#ui/kit/segmented.tsx';
import { DataTable } from '#ui/kit/table-twin.tsx';
import { ShowButton, shareCells } from './cells.tsx';
import { LEVEL, pText } from './change-words.ts';
import { ofGroup, opening } from './links.ts';
import { groupKey, groupTitle, type EvidenceView } from './view.ts';
import { ratio, showSome, words } from './words.ts';

type What = 'cie' | 'loss';
const WHAT = [
  { value: 'cie', label: 'Changed label' },
  { value: 'loss', label: 'Lost accuracy' },
] as const satisfies readonly { readonly value: What; readonly label: string }[];

/** Where CIE, and lost accuracy, gather: the combinations of up to three values that over-index most. */
export function Gatherings({ view }: { readonly view: EvidenceView }) {
  const [what, setWhat] = useState<What>('cie');
  const { comparison, noun, columns } = view;
  const table = comparison.slices?.[what];
  return (
    <ErrorBoundary what="Where CIE gather">
      <section className="more-table">
        <h2>Where CIE gather</h2>
        <Segmented legend="What gathers" options={WHAT} value={what} onChange={setWhat} />
        {columns.length === 0 ? (
          <p className="small">{words.noAttributes}</p>
        ) : table === undefined ? (
          <p className="small" role="status">
            {words.deeper}
          </p>
        ) : table.rows.length === 0 ? (
          <p className="small">
            {what === 'cie'
              ? `No ${noun[0]} changed its label in a group of at least ${count(table.minCount)}.`
              : 'No accuracy was lost at this level.'}
          </p>
        ) : (
          <DataTable
            caption={`At ${levelTitle(comparison.level)}: the combinations of up to three values on which ${what === 'cie' ? `the ${noun[1]} that changed` : 'lost accuracy'} gather${what === 'cie' ? '' : 's'} most, of at least ${count(table.minCount)} ${noun[1]} each, best balance of excess and size first (SliceLine). Intervals 95 %, over ${noun[1]}. p: as much by chance, corrected for all ${count(table.combinations)} combinations (Holm).`}
            columns={[
              { name: 'Combination' },
              { name: noun[1], numeric: true },
              { name: what === 'cie' ? 'Changed' : 'Points lost', numeric: true },
              { name: '95 % interval', interval: true },
              { name: 'Times the average', numeric: true },
              { name: '95 % interval of the times', interval: true },
              { name: 'p', numeric: true },
              { name: '' },
            ]}
            rows={table.rows.map((slice) => ({
              key: groupKey(slice.group),
              highlight: slice.holm <= LEVEL,
              cells: [
                groupTitle(view, slice.group),
                count(slice.n),
                ...(what === 'cie' ? shareCells(slice.mean) : pointCells(slice.mean)),
                ratio(slice.ratio.value),
                intervalText(slice.ratio, (value) => value.toFixed(1).replace('-', '−')),
                pText(slice.holm),
                <ShowSlice key="show" view={view} slice={slice} what={what} />,
              ],
            }))}
          />
        )}
      </section>
    </ErrorBoundary>
  );
}

function ShowSlice({
  view,
  slice,
  what,
}: {
  readonly view: EvidenceView;
  readonly slice: TestedSlice;
  readonly what: What;
}) {
  const n = what === 'cie' ? Math.round((slice.mean.value ?? 0) * slice.n) : slice.n;
  const threshold = what === 'cie' ? 'modal-cie' : 0;
  return (
    <ShowButton
      text={`Show ${count(n)}`}
      label={`${showSome(n, view.noun)}${what === 'cie' ? ' whose label changed' : ''}: ${groupTitle(view, slice.group)}`}
      open={opening({ level: view.comparison.level, threshold, ...ofGroup(slice.group) })}
    />
  );
}

/** Accuracy lost in points, and its interval. */
function pointCells(mean: Estimate): readonly string[] {
  const points = (value: number): string => percentNumber(value).replace('-', '−');
  return [points(mean.value ?? 0), intervalText(mean, points)];
}
