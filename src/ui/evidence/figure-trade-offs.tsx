import { useState } from 'react';
import { compareTradeOffs, type Compared, type TradeOff } from '#audit/trade-offs.ts';
import type { Estimate } from '#audit/result.ts';
import { orWhy, type FigureTable } from '#ui/charts/figure-table.tsx';
import { count } from '#ui/kit/format.ts';
import { SelectField } from '#ui/kit/field.tsx';
import { levelText, levelTitle } from '#ui/kit/levels.ts';
import { biasGap } from './bias-words.ts';
import { opensCell } from './cells.ts';
import { anewWords } from './change-words.ts';
import { Figure } from './figure.tsx';
import { opening } from './links.ts';
import { storedForm } from './sizes.ts';
import { TradeOffPlot } from './trade-off-plot.tsx';
import { dominatedText, tradeOffClaim } from './trade-off-words.ts';
import type { EvidenceView } from './view.ts';
import { showSome } from './words.ts';
import { BYTES, SHARE, THREE } from './writings.ts';

/** Figure 8: the map of trade-offs between accuracy, equalized-odds bias and size, and which levels are dominated. */
export function TradeOffFigure({ view }: { readonly view: EvidenceView }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const attributes = view.columns.map(({ name }) => name);
  const attribute =
    chosen !== null && attributes.includes(chosen) ? chosen : (largestBias(view) ?? attributes[0] ?? null);
  const points = tradeOffs(view, attribute);
  const compared = compareTradeOffs(points);
  const gap = attribute === null ? null : biasGap(view, attribute);
  return (
    <Figure
      view={view}
      no={8}
      name="map of trade-offs"
      everyLevel
      claim={tradeOffClaim(points, compared)}
      how={`Right is more accurate, down is more equal between the groups, a smaller mark is a smaller file. Each cross is two 95 % intervals, of the accuracy and of the bias by themselves, ${anewWords('both', view.noun)}; it is no joint region. A level is dominated where another is no worse in anything and better in something; that holds within uncertainty where even the worse ends of the other’s intervals are no worse than the better ends of its own.`}
      table={tradeOffTable(view, attribute, points, compared)}
      remarks={
        <>
          {attributes.length < 2 || attribute === null ? null : (
            <SelectField
              label="Bias by"
              value={attribute}
              options={attributes.map((name) => ({ value: name, label: name }))}
              onChange={setChosen}
            />
          )}
          {points.map(({ name }, i) => {
            const domination = compared.dominations[i] ?? null;
            return domination === null ? null : (
              <p className="small" key={name}>
                {dominatedText(name, domination)}
              </p>
            );
          })}
          {gap === null ? null : (
            <p className="small">
              <span className="mk none" aria-hidden="true" />
              <b>Not estimable:</b> bias by {attribute}. {gap}.
            </p>
          )}
          {points.some((one) => one.bytes === null) ? (
            <p className="small">
              <span className="mk none" aria-hidden="true" />
              <b>Not measured:</b> the size of{' '}
              {points
                .filter((one) => one.bytes === null)
                .map(({ name }) => levelText(name))
                .join(', ')}
              .
            </p>
          ) : null}
        </>
      }
    >
      <TradeOffPlot view={view} attribute={attribute} points={points} compared={compared} />
    </Figure>
  );
}

/** The attribute whose bias differs most from the baseline at the level of the finding; null where none is known. */
function largestBias({ comparison }: EvidenceView): string | null {
  const known = Object.entries(comparison.equalizedOddsBias).flatMap(([name, { baseline, compressed }]) =>
    baseline === null || compressed === null ? [] : [{ name, by: compressed - baseline }],
  );
  return known.toSorted((a, b) => b.by - a.by)[0]?.name ?? null;
}

const NONE: Estimate = { value: null, low: null, high: null };

/** The baseline and every level in the order of the figures. */
function tradeOffs(view: EvidenceView, attribute: string | null): readonly TradeOff[] {
  const { audit, places, comparison, evidence } = view;
  const bias = (of: typeof comparison, side: 'baseline' | 'compressed'): Estimate => {
    const own = attribute === null ? undefined : of.equalizedOddsBias[attribute];
    return own === undefined ? NONE : (own.uncertain?.[side].both ?? { value: own[side], low: null, high: null });
  };
  const size = (level: string): number | null => storedForm(evidence.sizes, level)?.bytes ?? null;
  return [
    {
      name: audit.baseline.name,
      accuracy: audit.baseline.top1.both,
      bias: bias(comparison, 'baseline'),
      bytes: size(audit.baseline.name),
    },
    ...places.map(({ comparison: at }) => ({
      name: at.level,
      accuracy: at.population.top1.both,
      bias: bias(at, 'compressed'),
      bytes: size(at.level),
    })),
  ];
}

function tradeOffTable(
  view: EvidenceView,
  attribute: string | null,
  points: readonly TradeOff[],
  { dominations }: Compared,
): FigureTable {
  const { audit, places, comparison, noun } = view;
  const gap = attribute === null ? 'no attribute chosen' : (biasGap(view, attribute) ?? 'not known');
  return {
    caption: (
      <>
        <b>Table of figure 8.</b> Accuracy is the mean over members, bias that of their mean rates
        {attribute === null ? '' : ` by ${attribute}`}, size that of one member as it would be stored. Intervals 95 %,{' '}
        {anewWords('both', noun)}.
      </>
    ),
    columns: [
      { name: 'Level' },
      { name: 'Accuracy', as: SHARE, interval: true },
      { name: attribute === null ? 'Bias' : `Bias by ${attribute}`, as: THREE, interval: true },
      { name: 'Size', as: BYTES },
      { name: 'Stored as' },
      { name: 'Dominated by' },
      { name: 'Within uncertainty' },
      { name: '' },
    ],
    rows: () =>
      points.map(({ name, accuracy, bias, bytes: size }, i) => {
        const domination = dominations[i] ?? null;
        const at = places.find((place) => place.comparison.level === name)?.comparison;
        const n = at?.modalCie.indices.length ?? audit.examples;
        return {
          key: name,
          highlight: name === comparison.level,
          cells: [
            at === undefined ? 'baseline' : levelText(name),
            orWhy(accuracy, 'no members'),
            orWhy(bias, gap),
            size ?? { missing: 'not measured' },
            storedForm(view.evidence.sizes, name)?.words ?? null,
            domination === null ? 'none' : levelText(domination.by),
            domination === null
              ? null
              : domination.sure === null
                ? { missing: 'no interval' }
                : domination.sure
                  ? 'holds'
                  : 'does not hold',
            opensCell(
              `Show ${count(n)}`,
              at === undefined ? showSome(n, noun) : `${showSome(n, noun)} whose label changed at ${levelTitle(name)}`,
              opening(
                at === undefined ? { level: comparison.level, threshold: 0 } : { level: name, threshold: 'modal-cie' },
              ),
            ),
          ],
        };
      }),
  };
}
