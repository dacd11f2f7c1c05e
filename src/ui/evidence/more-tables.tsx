import type { Uncertain } from '#audit/crossed.ts';
import { bytes, count, percent } from '#ui/kit/format.ts';
import { ErrorBoundary } from '#ui/kit/error-boundary.tsx';
import { NotEstimable } from '#ui/kit/not-estimable.tsx';
import { DataTable } from '#ui/kit/table-twin.tsx';
import { intervalText } from '#ui/kit/num.tsx';
import { Term } from '#ui/kit/term.tsx';
import { levelText } from '#ui/kit/levels.ts';
import { anewWords } from './change-words.ts';
import { groupTitle, whyNot, type EvidenceView } from './view.ts';
import { words } from './words.ts';

/** Equalized-odds bias of every attribute by level (Kamal & Talbert 2024, tables 1 and 2). */
export function BiasTable({ view }: { readonly view: EvidenceView }) {
  const { places, columns, audit } = view;
  const cell = (value: number | null | undefined, uncertain: Uncertain | undefined) =>
    value === null || value === undefined ? (
      <NotEstimable reason="too few" />
    ) : (
      <>
        {value.toFixed(3)}
        {uncertain === undefined ? null : (
          <span className="ci below">{intervalText(uncertain.both, (end) => end.toFixed(2))}</span>
        )}
      </>
    );
  return (
    <ErrorBoundary what="The bias of attributes">
      <section className="more-table">
        <h2>
          <Term of="equalized-odds bias">Equalized-odds bias</Term>
        </h2>
        {columns.length === 0 ? (
          <p className="small">{words.noAttributes}</p>
        ) : (
          <DataTable
            caption={`How far sensitivity and specificity differ between the groups of an attribute, summed over pairs of groups; 0 is no difference. Intervals 95 %, ${anewWords('both', view.noun)} (hierarchical bootstrap). Groups below ${count(audit.options.minCount)} make it not estimable.`}
            columns={[
              { name: 'Attribute' },
              { name: 'baseline', numeric: true },
              ...places.map(({ comparison }) => ({ name: levelText(comparison.level), numeric: true })),
            ]}
            rows={columns.map(({ name }) => ({
              key: name,
              cells: [
                name,
                cell(
                  view.comparison.equalizedOddsBias[name]?.baseline,
                  view.comparison.equalizedOddsBias[name]?.uncertain?.baseline,
                ),
                ...places.map(({ comparison: { equalizedOddsBias } }) =>
                  cell(equalizedOddsBias[name]?.compressed, equalizedOddsBias[name]?.uncertain?.compressed),
                ),
              ],
            }))}
          />
        )}
        {columns.map(({ name }) => {
          const change = view.comparison.equalizedOddsBias[name]?.uncertain?.change.both;
          return change?.value == null || change.low === null ? null : (
            <p className="small" key={name}>
              {name}, baseline to {levelText(view.comparison.level)}: {signed(change.value)} (
              {intervalText(change, signed)}).
            </p>
          );
        })}
        {columns.map(({ name }) => {
          const reason = biasGap(view, name);
          return reason === null ? null : (
            <p className="small" key={name}>
              <span className="mk none" aria-hidden="true" />
              <b>Not estimable:</b> {name}. {reason}.
            </p>
          );
        })}
      </section>
    </ErrorBoundary>
  );
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** Why the bias of an attribute has no value: the first of its groups that is too small; null where it has one. */
function biasGap(view: EvidenceView, attribute: string): string | null {
  if (view.comparison.equalizedOddsBias[attribute]?.compressed != null) return null;
  const groups = view.comparison.subgroups.filter(({ group }) => attribute in group && Object.keys(group).length === 1);
  for (const row of groups) {
    const small = (['fnr', 'fpr'] as const).find((measure) => row.baseline[measure] === null);
    const reason = small === undefined ? null : whyNot(view, row, small);
    if (reason !== null) return `“${groupTitle(view, row.group)}” has ${reason}`;
  }
  return 'it has fewer than two groups';
}

/** Size of a member in bytes by level (Kamal & Talbert 2024, table 1). */
export function SizeTable({ view }: { readonly view: EvidenceView }) {
  const { sizes } = view.evidence;
  const levels = [
    { level: view.audit.baseline.name, title: 'baseline' },
    ...view.places.map(({ comparison: { level } }) => ({ level, title: levelText(level) })),
  ];
  const unknown = <NotEstimable reason="not measured" />;
  return (
    <ErrorBoundary what="The size of the levels">
      <section className="more-table">
        <h2>Size of one member</h2>
        <DataTable
          caption={words.size}
          columns={[
            { name: 'Level' },
            { name: 'Weights removed', numeric: true },
            { name: 'As floats', numeric: true },
            { name: 'Floats, gzip', numeric: true },
            { name: 'Sparse format', numeric: true },
            { name: '8-bit integers', numeric: true },
            { name: '8-bit, gzip', numeric: true },
          ]}
          rows={levels.map(({ level, title }) => {
            const size = sizes[level];
            return {
              key: level,
              highlight: level === view.comparison.level,
              cells: [
                title,
                size === undefined ? unknown : percent(size.achievedSparsity),
                ...[size?.denseBytes, size?.gzipBytes, size?.sparseBytes, size?.int8Bytes, size?.int8GzipBytes].map(
                  (value) => (value === undefined || Number.isNaN(value) ? unknown : bytes(value)),
                ),
              ],
            };
          })}
        />
      </section>
    </ErrorBoundary>
  );
}
