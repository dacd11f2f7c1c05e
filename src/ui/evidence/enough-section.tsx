import { widthWith } from '#audit/enough.ts';
import type { FigureTable } from '#ui/charts/figure-table.tsx';
import { count } from '#ui/kit/format.ts';
import { levelTitle } from '#ui/kit/levels.ts';
import { NotEstimable } from '#ui/kit/not-estimable.tsx';
import { advice } from './enough-words.ts';
import { TableSection } from './figure.tsx';
import { hardestHit } from './groups.ts';
import { MEASURE_WORDS } from './measure-words.ts';
import { groupTitle, rowOf, type EvidenceView } from './view.ts';
import { Pending } from './pending.tsx';
import { WHOLE } from './writings.ts';

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
  const table: FigureTable = {
    caption: `At ${levelTitle(comparison.level)}. Overlap: of the examples that either of two runs calls changed, the share that both do; measured on disjoint parts of the members, beyond half of them expected from the line through those (logit against log members). Width: of the interval of ${MEASURE_WORDS[measure].many}, ${groupTitle(view, row.group)}, against now; what comes from the examples stays.`,
    columns: [
      { name: 'Members of each population' },
      { name: 'Overlap', as: WHOLE },
      { name: 'How it is known' },
      { name: 'Width of the interval', as: WHOLE },
    ],
    rows: () =>
      sizes.map(({ members: size, overlap, measured }) => ({
        key: String(size),
        highlight: size === members,
        cells: [
          size === members ? `${count(size)} (now)` : count(size),
          overlap,
          measured ? 'measured' : 'expected',
          widthWith(main, size / members) ?? { missing: 'no interval' },
        ],
      })),
  };
  return (
    <TableSection
      view={view}
      title="How many members are enough"
      table={sizes.length === 0 ? null : table}
      before={advice(main, enough, members).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    >
      {enough === null ? (
        <Pending audit={audit} />
      ) : sizes.length === 0 ? (
        <p className="small">
          <NotEstimable mark reason={`${count(members)} members, 4 needed`} />
        </p>
      ) : null}
    </TableSection>
  );
}
