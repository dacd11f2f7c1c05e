import { count } from '#ui/kit/format.ts';
import { ErrorBoundary } from '#ui/kit/error-boundary.tsx';
import { levelTitle } from '#ui/kit/levels.ts';
import { NotEstimable } from '#ui/kit/not-estimable.tsx';
import { DataTable } from '#ui/kit/table-twin.tsx';
import { pText } from './change-words.ts';
import { groupKey, groupTitle, type EvidenceView } from './view.ts';
import { words } from './words.ts';

/** How members, and the two populations, agree: jitter and stability, McNemar by group, chi-squared by attribute. */
export function Disagreement({ view }: { readonly view: EvidenceView }) {
  const { comparison, noun } = view;
  const rows = comparison.subgroups.filter(({ group }) => Object.keys(group).length < 2);
  const share = (value: number | null) =>
    value === null ? <NotEstimable reason="fewer than 2 members" /> : value.toFixed(3);
  return (
    <ErrorBoundary what="How members disagree">
      <section className="more-table">
        <h2>How members disagree</h2>
        <DataTable
          caption={`At ${levelTitle(comparison.level)}. Jitter: how often two members of a population give a ${noun[0]} different labels. Stability: how far the votes are from a tie, 1 when all agree. “Only the baseline wrong” counts ${noun[1]} whose most frequent label is wrong in the baseline alone. p: McNemar’s test that both are wrong equally often, corrected for all groups and levels (Holm). Pairs of values are in audit.json.`}
          columns={[
            { name: 'Group' },
            { name: noun[1], numeric: true },
            { name: 'Jitter, baseline', numeric: true },
            { name: 'Jitter, level', numeric: true },
            { name: 'Stability, baseline', numeric: true },
            { name: 'Stability, level', numeric: true },
            { name: 'Only the baseline wrong', numeric: true },
            { name: 'Only the level wrong', numeric: true },
            { name: 'p', numeric: true },
          ]}
          rows={rows.map(({ group, n, agreement }) => ({
            key: groupKey(group),
            cells: [
              groupTitle(view, group),
              count(n),
              share(agreement.jitter.baseline),
              share(agreement.jitter.compressed),
              share(agreement.stability.baseline),
              share(agreement.stability.compressed),
              count(agreement.onlyBaselineWrong),
              count(agreement.onlyCompressedWrong),
              pText(agreement.mcNemarHolm),
            ],
          }))}
        />
        {comparison.associations.length === 0 ? (
          <p className="small">{words.noAttributes}</p>
        ) : (
          <DataTable
            caption={`Does changing label go with an attribute? Pearson’s chi-squared test of changed or not against the values, at ${levelTitle(comparison.level)}; p corrected for all attributes and levels (Holm).`}
            columns={[
              { name: 'Attribute' },
              { name: 'χ²', numeric: true },
              { name: 'Degrees of freedom', numeric: true },
              { name: 'p', numeric: true },
            ]}
            rows={comparison.associations.map(({ attribute, test, holm }) => ({
              key: attribute,
              cells: [
                attribute,
                test === null ? <NotEstimable reason="one value, or none changed" /> : test.statistic.toFixed(1),
                test === null ? '' : count(test.degrees),
                test === null ? '' : pText(holm),
              ],
            }))}
          />
        )}
      </section>
    </ErrorBoundary>
  );
}
