import type { AttributeBias, Comparison, Estimate } from '#audit/result.ts';
import type { FigureTable, Cell } from '#ui/charts/figure-table.tsx';
import { linearAxis } from '#ui/charts/ticks.ts';
import { count, counted } from '#ui/kit/format.ts';
import { levelText, levelTitle } from '#ui/kit/levels.ts';
import { intervalText } from '#ui/kit/num.tsx';
import { anewWords } from './change-words.ts';
import { Figure } from './figure.tsx';
import { LevelLines, type LevelLine } from './level-lines.tsx';
import { opening, type Opening } from './links.ts';
import { KAMAL_TABLE_2 } from './papers.ts';
import { biasClaim, biasGap, biasSentence } from './bias-words.ts';
import type { EvidenceView } from './view.ts';
import { showThe } from './words.ts';
import { THREE } from './writings.ts';

const MOST = 6;

/** Figure 6: the equalized-odds bias of every attribute by level (Kamal & Talbert 2024, table 2 and figure 3). */
export function BiasFigure({ view }: { readonly view: EvidenceView }) {
  const { comparison, columns, audit } = view;
  const known = columns.filter(({ name }) => comparison.equalizedOddsBias[name]?.compressed != null);
  const rise = (name: string): number => {
    const { baseline, compressed } = comparison.equalizedOddsBias[name]!;
    return (compressed ?? 0) - (baseline ?? 0);
  };
  const drawn = known
    .map(({ name }) => name)
    .sort((a, b) => rise(b) - rise(a))
    .slice(0, MOST);
  const lines = drawn.map((name, i) => lineOf(view, name, i === 0));
  const gaps = columns.flatMap(({ name }) => {
    const reason = biasGap(view, name);
    return reason === null ? [] : [{ name, reason }];
  });
  const axis = linearAxis(
    lines.flatMap(({ points }) => points.flatMap(({ estimate: { value, high } }) => [value, high])),
  );
  return (
    <Figure
      view={view}
      no={6}
      name="equalized-odds bias by level"
      everyLevel
      claim={biasClaim(view, drawn[0] ?? null)}
      how={`How far sensitivity and specificity differ between the groups of an attribute, summed over pairs of groups; 0 is no difference, and more groups make more pairs. Intervals 95 %, ${anewWords('both', view.noun)} (hierarchical bootstrap). Groups below ${count(audit.options.minCount)} make it not estimable. Coloured is the attribute whose bias rises most at the level of the finding.`}
      table={biasTable(view)}
      papers={[KAMAL_TABLE_2]}
      remarks={
        <>
          {drawn.map((name) => (
            <p className="small" key={name}>
              {biasSentence(view, name)}
            </p>
          ))}
          {gaps.map(({ name, reason }) => (
            <p className="small" key={name}>
              <span className="mk none" aria-hidden="true" />
              <b>Not estimable:</b> {name}. {reason}.
            </p>
          ))}
        </>
      }
    >
      {lines.length === 0 ? (
        <p className="small">
          {columns.length === 0
            ? 'No attribute was chosen to compare groups by.'
            : 'No attribute has groups that are large enough.'}
        </p>
      ) : (
        <LevelLines
          view={view}
          title="Equalized-odds bias"
          unit="sum over pairs of groups, with 95 % interval"
          label={`Equalized-odds bias, baseline and ${levelTitle(comparison.level)}: ${drawn.map((name) => `${name} ${ofLevel(comparison, name, 'baseline').value!.toFixed(3)} and ${ofLevel(comparison, name, 'compressed').value!.toFixed(3)}`).join('; ')}.`}
          y={axis}
          lines={lines}
          write={(value) => value.toFixed(3)}
        />
      )}
    </Figure>
  );
}

function ofLevel({ equalizedOddsBias }: Comparison, name: string, side: 'baseline' | 'compressed'): Estimate {
  const bias: AttributeBias | undefined = equalizedOddsBias[name];
  return bias?.uncertain?.[side].both ?? { value: bias?.[side] ?? null, low: null, high: null };
}

function lineOf(view: EvidenceView, name: string, foremost: boolean): LevelLine {
  const { comparison, places } = view;
  const point = (estimate: Estimate, where: string, level: string) => {
    const { open, n } = opensAttribute(view, name, level);
    const ends = intervalText(estimate, (value) => value.toFixed(3));
    return {
      estimate,
      open,
      label: `${name}, ${where}: bias ${estimate.value?.toFixed(3) ?? ''}${ends === '' ? '' : ` (${ends})`}, from ${counted(n, view.noun)}. ${showThe(n, view.noun)}`,
    };
  };
  return {
    title: name,
    foremost,
    points: [
      { place: null, ...point(ofLevel(comparison, name, 'baseline'), 'baseline', comparison.level) },
      ...places.map((place) => ({
        place,
        ...point(
          ofLevel(place.comparison, name, 'compressed'),
          levelTitle(place.comparison.level),
          place.comparison.level,
        ),
      })),
    ],
  };
}

/** The examples that a bias is over: those whose attribute is known. */
function opensAttribute(
  { evidence }: EvidenceView,
  name: string,
  level: string,
): { readonly open: Opening; readonly n: number } {
  const column = evidence.examples.attributes.find((attribute) => attribute.name === name);
  const n = column?.codes.reduce((sum, code) => sum + (code < 0 ? 0 : 1), 0) ?? 0;
  return { open: opening({ level, threshold: 0, attributes: { [name]: [...(column?.values ?? [])] } }), n };
}

function biasTable(view: EvidenceView): FigureTable {
  const { places, columns, comparison } = view;
  const cell = (estimate: Estimate, reason: string | null): Cell =>
    estimate.value === null ? { missing: reason ?? 'too few' } : estimate;
  return {
    caption: (
      <>
        <b>Table of figure 6.</b> Equalized-odds bias of the mean rates. Intervals 95 %, {anewWords('both', view.noun)}{' '}
        (hierarchical bootstrap).
      </>
    ),
    columns: [
      { name: 'Attribute' },
      { name: 'baseline', as: THREE, interval: true },
      ...places.map(({ comparison: { level } }) => ({ name: levelText(level), as: THREE, interval: true })),
    ],
    rows: () =>
      columns.map(({ name }) => {
        const reason = biasGap(view, name);
        return {
          key: name,
          cells: [
            name,
            cell(ofLevel(comparison, name, 'baseline'), reason),
            ...places.map((place) => cell(ofLevel(place.comparison, name, 'compressed'), reason)),
          ],
        };
      }),
  };
}
