import { widthWith } from '#audit/enough.ts';
import { count, percent } from '#ui/kit/format.ts';
import { ErrorBoundary } from '#ui/kit/error-boundary.tsx';
import { levelTitle } from '#ui/kit/levels.ts';
import { NotEstimable } from '#ui/kit/not-estimable.tsx';
import { DataTable } from '#ui/kit/table-twin.tsx';
import { advice } from './enough-words.ts';
import { hardestHit } from './groups.ts';
import { MEASURE_WORDS } from './measure-words.ts';
import { groupTitle, rowOf, type EvidenceView } from './view.ts';
import { words } from './words.ts';

/** How many members are enough: the width of the main change's interval and the stability of the CIE set as members are added. */
export function EnoughSection({ view }: { readonly view: EvidenceView }) {
  const { comparison, audit } = view;
  const hit = hardestHit(comparison);
  const row = hit?.row ?? rowOf(comparison, {});
  const measure = hit?.measure ?? 'error';
  if (row === undefined) return null;
  const members = Math.min(audit.baseline.members, comparison.population.members);
  const main = row.change[measure].percent;
  const { enough } = comparison;
  const sizes = [
    ...(enough?.measured ?? []).map((at) => ({ ...at, measured: true })),
    ...(enough?.expected ?? []).map((at) => ({ ...at, measured: false })),
  ];
  return (
    <ErrorBoundary what="How many members are enough">
      <section className="more-table">
        <h2>How many members are enough</h2>
        {advice(main, enough, members).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {enough === null ? (
          <p className="small" role="status">
            {words.deeper}
          </p>
        ) : sizes.length === 0 ? (
          <p className="small">
            <NotEstimable mark reason={`${count(members)} members, 4 needed`} />
          </p>
        ) : (
          <DataTable
            caption={`At ${levelTitle(comparison.level)}. Overlap: of the examples that either of two runs calls changed, the share that both do; measured on disjoint parts of the members, beyond half of them expected from the line through those (logit against log members). Width: of the interval of ${MEASURE_WORDS[measure].many}, ${groupTitle(view, row.group)}, against now; what comes from the examples stays.`}
            columns={[
              { name: 'Members of each population' },
              { name: 'Overlap', numeric: true },
              { name: '' },
              { name: 'Width of the interval', numeric: true },
            ]}
            rows={sizes.map(({ members: size, overlap, measured }) => {
              const width = widthWith(main, size / members);
              return {
                key: String(size),
                highlight: size === members,
                cells: [
                  size === members ? `${count(size)} (now)` : count(size),
                  percent(overlap, 0),
                  measured ? 'measured' : 'expected',
                  width === null ? <NotEstimable reason="no interval" /> : percent(width, 0),
                ],
              };
            })}
          />
        )}
      </section>
    </ErrorBoundary>
  );
}
