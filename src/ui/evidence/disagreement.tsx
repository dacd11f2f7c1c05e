import type { FigureTable } from '#ui/charts/figure-table.tsx';
import { levelTitle } from '#ui/kit/levels.ts';
import { TableSection } from './figure.tsx';
import { groupKey, groupTitle, type EvidenceView } from './view.ts';
import { words } from './words.ts';
import { COUNT, P_VALUE, STATISTIC, THREE } from './writings.ts';

/** How members, and the two populations, agree: jitter and stability, McNemar by group, chi-squared by attribute. */
export function Disagreement({ view }: { readonly view: EvidenceView }) {
  const { associations } = view.comparison;
  return (
    <>
      <TableSection view={view} title="How members disagree" table={agreementTable(view)} />
      <TableSection
        view={view}
        title="Does changing label go with an attribute?"
        table={associations.length === 0 ? null : associationTable(view)}
      >
        {associations.length === 0 ? <p className="small">{words.noAttributes}</p> : null}
      </TableSection>
    </>
  );
}

function agreementTable(view: EvidenceView): FigureTable {
  const { comparison, noun } = view;
  const rows = comparison.subgroups.filter(({ group }) => Object.keys(group).length < 2);
  const share = (value: number | null) => value ?? { missing: 'fewer than 2 members' };
  return {
    caption: `At ${levelTitle(comparison.level)}. Jitter: how often two members of a population give a ${noun[0]} different labels. Stability: how far the votes are from a tie, 1 when all agree. “Only the baseline wrong” counts ${noun[1]} whose most frequent label is wrong in the baseline alone. p: McNemar’s test that both are wrong equally often, corrected for all groups and levels (Holm). Pairs of values are in audit.json.`,
    columns: [
      { name: 'Group' },
      { name: noun[1], as: COUNT },
      { name: 'Jitter, baseline', as: THREE },
      { name: 'Jitter, level', as: THREE },
      { name: 'Stability, baseline', as: THREE },
      { name: 'Stability, level', as: THREE },
      { name: 'Only the baseline wrong', as: COUNT },
      { name: 'Only the level wrong', as: COUNT },
      { name: 'p', as: P_VALUE },
    ],
    rows: () =>
      rows.map(({ group, n, agreement }) => ({
        key: groupKey(group),
        cells: [
          groupTitle(view, group),
          n,
          share(agreement.jitter.baseline),
          share(agreement.jitter.compressed),
          share(agreement.stability.baseline),
          share(agreement.stability.compressed),
          agreement.onlyBaselineWrong,
          agreement.onlyCompressedWrong,
          agreement.mcNemarHolm ?? { missing: 'no disagreement' },
        ],
      })),
  };
}

function associationTable({ comparison: { level, associations } }: EvidenceView): FigureTable {
  return {
    caption: `Pearson’s chi-squared test of changed or not against the values of an attribute, at ${levelTitle(level)}; p corrected for all attributes and levels (Holm).`,
    columns: [
      { name: 'Attribute' },
      { name: 'χ²', as: STATISTIC },
      { name: 'Degrees of freedom', as: COUNT },
      { name: 'p', as: P_VALUE },
    ],
    rows: () =>
      associations.map(({ attribute, test, holm }) => ({
        key: attribute,
        cells:
          test === null
            ? [attribute, { missing: 'one value, or none changed' }, null, null]
            : [attribute, test.statistic, test.degrees, holm],
      })),
  };
}
