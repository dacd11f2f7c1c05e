import { setFilters } from '#store/gallery.ts';
import { Button } from '#ui/kit/button.tsx';
import { count, percent, percentNumber } from '#ui/kit/format.ts';
import { SelectField } from '#ui/kit/field.tsx';
import { Note } from '#ui/kit/note.tsx';
import { intervalText, Num } from '#ui/kit/num.tsx';
import { Term } from '#ui/kit/term.tsx';
import { levelText } from '#ui/kit/levels.ts';
import { chanceOf, type Chance } from './chance.ts';
import { hardestHit, type HardestHit } from './groups.ts';
import { opening } from './links.ts';
import { denominator, groupTitle, rowOf, type EvidenceView } from './view.ts';
import { MEASURE_WORDS } from './measure-words.ts';
import {
  change,
  changeEnd,
  chanceText,
  headline,
  lead,
  mostOverIndexed,
  partialText,
  plusMinus,
  showThe,
  words,
} from './words.ts';

/** The finding at the chosen level: headline, what it rests on, the one action, the key figures. */
export function Finding({ view }: { readonly view: EvidenceView }) {
  const { comparison, audit, noun, places, evidence } = view;
  const chance = chanceOf(audit, comparison);
  const hit = chance.verdict === 'within' ? null : hardestHit(comparison);
  const changed = comparison.modalCie.indices.length;
  const { level } = comparison;
  return (
    <section className="finding" aria-label="Finding">
      <div className="finding-level">
        <SelectField
          label="Finding at level"
          value={level}
          options={places.map((place) => ({
            value: place.comparison.level,
            label: levelText(place.comparison.level),
          }))}
          onChange={(value) => setFilters({ level: value })}
        />
      </div>
      <h1>
        {headline(view, chance, hit).map((sentence, i) => (
          <span key={sentence}>
            {i === 0 ? '' : ' '}
            {i === 0 ? null : <br />}
            {sentence}
          </span>
        ))}
      </h1>
      <div className="finding-act">
        <p className="lead">{lead(view, chance, mostOverIndexed(comparison.representation))}</p>
        <Button
          primary
          onClick={opening({ level, threshold: 'modal-cie' }).onOpen}
          disabledReason={changed === 0 ? `No ${noun[0]} changed its label at this level.` : null}
        >
          {changed === 0 ? `See the ${noun[1]}` : showThe(changed, noun).replace('Show', 'See')}
        </Button>
      </div>
      {evidence.complete ? null : (
        <Note fact={partialText(view)} live>
          {words.few}
        </Note>
      )}
      <KeyFigures view={view} chance={chance} hit={hit} />
    </section>
  );
}

interface KeyFiguresProps {
  readonly view: EvidenceView;
  readonly chance: Chance;
  readonly hit: HardestHit | null;
}

function KeyFigures({ view, chance, hit }: KeyFiguresProps) {
  const { audit, comparison, noun } = view;
  const { population, modalCie, accuracy } = comparison;
  const cieCount = modalCie.indices.length;
  const onThem = accuracy.modalCie;
  const rest = accuracy.nonModalCie.compressed;
  const base = audit.baseline.top1.both;
  const tied = modalCie.tiedIndices.length;
  return (
    <dl className="keyfigs">
      <div>
        <dt>
          <Term of="top-1">Accuracy</Term>
        </dt>
        <dd className="v">
          {population.top1.both.value === null ? '—' : percent(population.top1.both.value)}
          <span className="ci">{plusMinus(population.top1.both)}</span>
        </dd>
        <dd className="w">
          baseline {base.value === null ? '—' : percent(base.value)} {plusMinus(base)}
        </dd>
      </div>
      <div>
        <dt>
          <Term of="cie">{`${noun[1].charAt(0).toUpperCase()}${noun[1].slice(1)} whose label changed`}</Term>
        </dt>
        <dd className="v">
          {count(cieCount)}
          <span className="ci">{intervalText(modalCie.count.both, count)}</span>
        </dd>
        <dd className="w">
          <Term of="null control">chance</Term>: {chanceText(chance)}
          {chance.excess?.value == null
            ? ''
            : `; excess ${count(Math.max(0, chance.excess.value))} (${intervalText(chance.excess, (value) => count(Math.max(0, value)))}), in equal halves`}
          {tied === 0 ? '' : `; ${count(tied)} hang on a tied vote`}
        </dd>
      </div>
      <div>
        <dt>Accuracy on those {noun[1]}</dt>
        <dd className="v">
          <Num estimate={onThem.compressedEstimate.both} format={percentNumber} unit="%" reason="none changed" />
        </dd>
        <dd className="w">
          baseline {onThem.baseline === null ? '—' : percent(onThem.baseline)}; on the rest{' '}
          {rest === null ? '—' : percent(rest)}
        </dd>
      </div>
      <GroupFigure view={view} hit={hit} />
    </dl>
  );
}

/** The group hit hardest, or, where none stands out, the error of everyone. */
function GroupFigure({ view, hit }: { readonly view: EvidenceView; readonly hit: HardestHit | null }) {
  const everyone = rowOf(view.comparison, {});
  const row = hit?.row ?? everyone;
  const measure = hit?.measure ?? 'error';
  if (row === undefined) return null;
  const before = row.baseline[measure];
  const after = row.compressed[measure];
  const common = everyone?.change[measure].percent.both.value ?? null;
  return (
    <div>
      <dt>
        <Term of="normalized difference">
          {MEASURE_WORDS[measure].one}, {groupTitle(view, row.group)}
        </Term>
      </dt>
      <dd className="v">
        <ChangeNumber estimate={row.change[measure].percent.both} />
      </dd>
      <dd className="w">
        {before === null || after === null
          ? ''
          : `${percent(before, 2)} to ${percent(after, 2)} of ${count(denominator(row, measure))}`}
        {hit === null || common === null ? '' : `; everyone ${change(common)}`}
        {hit === null ? '; no group stands out from everyone' : ''}
      </dd>
    </div>
  );
}

function ChangeNumber({ estimate }: { readonly estimate: Parameters<typeof plusMinus>[0] }) {
  if (estimate.value === null) return <Num estimate={estimate} format={changeEnd} />;
  return (
    <>
      {change(estimate.value)}
      <span className="ci">{intervalText(estimate, changeEnd)}</span>
    </>
  );
}
