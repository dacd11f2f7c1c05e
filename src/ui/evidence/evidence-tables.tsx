import type { Estimate, Rates } from '#audit/result.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { bytes, count, counted, percent, percentNumber } from '#ui/kit/format.ts';
import { NotEstimable } from '#ui/kit/not-estimable.tsx';
import { intervalText, Num } from '#ui/kit/num.tsx';
import { DataTable } from '#ui/kit/table-twin.tsx';
import { levelText, levelTitle } from './levels.ts';
import { ofGroup, opening } from './links.ts';
import { groupKey, groupTitle, whyNot, type EvidenceView, type Measure } from './view.ts';
import { change, changeEnd, MEASURE_WORDS, representationTitle } from './words.ts';

const MEASURES: readonly Measure[] = ['error', 'fpr', 'fnr'];
const rate = (rates: Rates, measure: Measure): string => {
  const value = rates[measure];
  return value === null ? '—' : percent(value, 2);
};

function Change({ estimate, reason }: { readonly estimate: Estimate; readonly reason: string | null }) {
  if (estimate.value === null) return <NotEstimable reason={reason ?? 'not known'} mark />;
  return (
    <>
      <b>{change(estimate.value)}</b> <span className="ci">{intervalText(estimate, changeEnd)}</span>
    </>
  );
}

/** Rates of every group at the level of the finding, with their change (Hooker et al., tables 3 and 5). */
export function SubgroupTable({ view }: { readonly view: EvidenceView }) {
  const { comparison } = view;
  return (
    <DataTable
      caption={`Rates by group at ${levelTitle(comparison.level)}, means over members; changes with 95 % intervals over members, against the baseline.`}
      columns={[
        { name: 'Group' },
        { name: view.noun[1], numeric: true },
        { name: view.positive, numeric: true },
        ...MEASURES.flatMap((measure) => [
          { name: `${MEASURE_WORDS[measure].short}, baseline`, numeric: true },
          { name: 'compressed', numeric: true },
          { name: 'change', numeric: true },
        ]),
      ]}
      rows={comparison.subgroups.map((row) => ({
        key: groupKey(row.group),
        cells: [
          <LinkButton
            key="open"
            onClick={
              opening({
                level: comparison.level,
                threshold: 'modal-cie',
                attributes: ofGroup(row.group).attributes,
              }).onOpen
            }
          >
            {groupTitle(view, row.group)}
          </LinkButton>,
          count(row.n),
          count(row.positives),
          ...MEASURES.flatMap((measure) => [
            rate(row.baseline, measure),
            rate(row.compressed, measure),
            <Change key={measure} estimate={row.change[measure]} reason={whyNot(view, row, measure)} />,
          ]),
        ],
      }))}
    />
  );
}

/** Accuracy on those that changed and on the top of the ranking (Hooker et al., table 2). */
export function AccuracyTable({ view }: { readonly view: EvidenceView }) {
  const { comparison, noun } = view;
  const { level, accuracy } = comparison;
  const tops = Object.entries(accuracy.taxicab).sort(([a], [b]) => Number(a) - Number(b));
  const rows = [
    { name: 'All', row: accuracy.all, threshold: 0 as const },
    { name: 'Label changed', row: accuracy.modalCie, threshold: 'modal-cie' as const },
    ...tops.map(([p, row]) => ({
      name: `Top ${String(Number((100 - Number(p)).toFixed(2)))} %`,
      row,
      threshold: Number(p),
    })),
  ];
  return (
    <DataTable
      caption={`Accuracy in percent at ${levelTitle(level)}, means over members with 95 % intervals. “Top” is by Taxicab score.`}
      columns={[
        { name: noun[1] },
        { name: 'Number', numeric: true },
        { name: 'Baseline', numeric: true },
        { name: 'Compressed', numeric: true },
      ]}
      rows={rows.map(({ name, row, threshold }) => ({
        key: name,
        cells: [
          <LinkButton key="open" onClick={opening({ level, threshold }).onOpen}>
            {name}
          </LinkButton>,
          count(row.n),
          <Num key="b" estimate={row.baselineEstimate} format={percentNumber} reason={`no ${noun[1]}`} />,
          <Num key="c" estimate={row.compressedEstimate} format={percentNumber} reason={`no ${noun[1]}`} />,
        ],
      }))}
    />
  );
}

/** Who is more frequent among those that changed than in the data (Hooker et al., figure 2). */
export function RepresentationTable({ view }: { readonly view: EvidenceView }) {
  const { comparison } = view;
  const { level } = comparison;
  const rows = comparison.representation.toSorted((a, b) => a.share - b.share);
  return (
    <DataTable
      caption={`Share of each value among the ${counted(comparison.modalCie.indices.length, view.noun)} whose label changed at ${levelTitle(level)}, rarest first; odds ratio with its 95 % interval.`}
      columns={[
        { name: 'Value' },
        { name: 'In data', numeric: true },
        { name: 'Among changed', numeric: true },
        { name: 'Changed', numeric: true },
        { name: 'Times its share', numeric: true },
        { name: 'Odds ratio', numeric: true },
      ]}
      rows={rows.map((row) => ({
        key: groupKey(row.group),
        cells: [
          <LinkButton key="open" onClick={opening({ level, threshold: 'modal-cie', ...ofGroup(row.group) }).onOpen}>
            {representationTitle(view, row.group)}
          </LinkButton>,
          percent(row.share),
          row.cieShare === null ? <NotEstimable key="s" reason="none changed" /> : percent(row.cieShare),
          count(row.cieCount),
          row.overIndexRatio === null ? (
            <NotEstimable key="r" reason="no share to compare" />
          ) : (
            `${row.overIndexRatio.toFixed(2)}×`
          ),
          <Num key="o" estimate={row.oddsRatio} format={(value) => value.toFixed(2)} />,
        ],
      }))}
    />
  );
}

/** Equalized-odds bias of each attribute and size, level by level (Kamal & Talbert, tables 1 and 2). */
export function BiasAndSizeTable({ view }: { readonly view: EvidenceView }) {
  const { audit, places, evidence } = view;
  const attributes = Object.keys(view.comparison.equalizedOddsBias);
  const bias = (value: number | null | undefined) =>
    value == null ? <NotEstimable reason="a group is too small" /> : value.toFixed(3);
  const sizeCells = (level: string): readonly string[] => {
    const size = evidence.sizes[level];
    if (size === undefined) return ['—', '—', '—', '—'];
    return [percent(size.achievedSparsity, 2), bytes(size.denseBytes), bytes(size.sparseBytes), bytes(size.int8Bytes)];
  };
  const first = places[0]?.comparison;
  return (
    <DataTable
      caption={`Equalized-odds bias by attribute and bytes of one model, computed from its weights, means over ${counted(audit.baseline.members, ['baseline member', 'baseline members'])} and those of each level.`}
      columns={[
        { name: 'Level' },
        ...attributes.map((name) => ({ name: `Bias, ${name}`, numeric: true })),
        { name: 'Weights removed', numeric: true },
        { name: 'Dense', numeric: true },
        { name: 'Sparse', numeric: true },
        { name: 'int8', numeric: true },
      ]}
      rows={[
        {
          key: 'baseline',
          cells: [
            'Baseline',
            ...attributes.map((name) => bias(first?.equalizedOddsBias[name]?.baseline)),
            ...sizeCells('baseline'),
          ],
        },
        ...places.map(({ comparison }) => ({
          key: comparison.level,
          highlight: comparison.level === view.comparison.level,
          cells: [
            levelText(comparison.level),
            ...attributes.map((name) => bias(comparison.equalizedOddsBias[name]?.compressed)),
            ...sizeCells(comparison.level),
          ],
        })),
      ]}
    />
  );
}
