import type { FigureTable } from '#ui/charts/figure-table.tsx';
import { linearAxis } from '#ui/charts/ticks.ts';
import { bytes } from '#ui/kit/format.ts';
import { levelText, levelTitle } from '#ui/kit/levels.ts';
import { Figure } from './figure.tsx';
import { LevelLines, type LevelLine } from './level-lines.tsx';
import { opening } from './links.ts';
import { KAMAL_FIGURES_1_2 } from './papers.ts';
import { FORMATS, sizeIn, storedForm, type Format } from './sizes.ts';
import type { EvidenceView } from './view.ts';
import { showThe, words } from './words.ts';
import { BYTES, SHARE } from './writings.ts';

/** Figure 7: the size of one member by level and format (Kamal & Talbert 2024, figures 1 and 2). */
export function SizeFigure({ view }: { readonly view: EvidenceView }) {
  const { comparison, audit } = view;
  const lines = FORMATS.map((format) => lineOf(view, format)).filter(({ points }) =>
    points.some(({ estimate }) => estimate.value !== null),
  );
  const axis = linearAxis(
    lines.flatMap(({ points }) => points.map(({ estimate: { value } }) => value)),
    bytes,
  );
  const spoken = lines
    .map(({ title, points }) => {
      const own = points.find(({ place }) => place?.comparison === comparison)?.estimate.value;
      return `${title} ${own == null ? 'not measured' : bytes(own)}`;
    })
    .join(', ');
  return (
    <Figure
      view={view}
      no={7}
      name="size by level"
      everyLevel
      claim={sizeClaim(view)}
      how={`The bytes of one member in each format, mean over ${String(audit.baseline.members)} members, computed from their real weights. Sizes follow from the architecture and the level, not from the examples, and are shown without interval. “Floats” writes every number; gzip packs that; the sparse format leaves zeros out; 8-bit rounds the kernels.`}
      table={sizeTable(view)}
      papers={[KAMAL_FIGURES_1_2]}
      remarks={<p className="small">{words.size}</p>}
      more={
        <a className="lnk" href="#/compression">
          What was really done to every tensor
        </a>
      }
    >
      {lines.length === 0 ? (
        <p className="small">The sizes are not known: this audit is of predictions alone.</p>
      ) : (
        <LevelLines
          view={view}
          title="Size of one member"
          unit="mean over members"
          label={`Size of one member at ${levelTitle(comparison.level)}: ${spoken}.`}
          y={axis}
          lines={lines}
          write={bytes}
        />
      )}
    </Figure>
  );
}

/** What packing makes of the level of the finding against the baseline, in the form in which each would be stored. */
function sizeClaim(view: EvidenceView): string {
  const { comparison, audit, evidence } = view;
  const before = sizeIn(evidence.sizes, audit.baseline.name, 'denseBytes');
  const after = storedForm(evidence.sizes, comparison.level);
  if (before === null || after === null) return 'The sizes of this audit are not known.';
  const times = before / after.bytes;
  return `At ${levelText(comparison.level)} a member takes ${bytes(after.bytes)} as ${after.words}, where the baseline takes ${bytes(before)} as floats: ${times >= 1.05 ? `${times.toFixed(1)} times smaller` : 'hardly smaller'}.`;
}

function lineOf(view: EvidenceView, { key, title }: Format): LevelLine {
  const { audit, places, evidence, comparison, noun } = view;
  const point = (population: string, where: string) => {
    const value = sizeIn(evidence.sizes, population, key);
    return {
      estimate: { value, low: null, high: null },
      said: `${title}, ${where}: ${value === null ? '' : bytes(value)}.`,
    };
  };
  const base = point(audit.baseline.name, 'baseline');
  return {
    title,
    foremost: key === storedForm(evidence.sizes, comparison.level)?.key,
    points: [
      {
        place: null,
        estimate: base.estimate,
        label: `${base.said} ${showThe(audit.examples, noun)}`,
        open: opening({ level: comparison.level, threshold: 0 }),
      },
      ...places.map((place) => {
        const { level, modalCie } = place.comparison;
        const { estimate, said } = point(level, levelTitle(level));
        return {
          place,
          estimate,
          label: `${said} ${showThe(modalCie.indices.length, noun)} whose label changed`,
          open: opening({ level, threshold: 'modal-cie' }),
        };
      }),
    ],
  };
}

function sizeTable(view: EvidenceView): FigureTable {
  const { sizes } = view.evidence;
  const levels = [
    { level: view.audit.baseline.name, title: 'baseline' },
    ...view.places.map(({ comparison: { level } }) => ({ level, title: levelText(level) })),
  ];
  const unknown = { missing: 'not measured' };
  return {
    caption: (
      <>
        <b>Table of figure 7.</b> {words.size}
      </>
    ),
    columns: [
      { name: 'Level' },
      { name: 'Weights removed', as: SHARE },
      ...FORMATS.map(({ title }) => ({ name: title, as: BYTES })),
    ],
    rows: () =>
      levels.map(({ level, title }) => ({
        key: level,
        highlight: level === view.comparison.level,
        cells: [
          title,
          sizes[level] === undefined ? unknown : sizes[level].achievedSparsity,
          ...FORMATS.map(({ key }) => sizeIn(sizes, level, key) ?? unknown),
        ],
      })),
  };
}
