import { memo, useState } from 'react';
import { UNCHANGED } from '#audit/facets.ts';
import type { ReviewFacets } from '#audit/review-facets.ts';
import { NO_LABEL } from '#audit/selection.ts';
import { NO_FILTERS, setFilters, useGallery } from '#store/gallery.ts';
import { answersOf, labelOf } from '#review/schema.ts';
import { CheckField } from '#ui/kit/field.tsx';
import { NARROW, useMedia } from '#ui/kit/media.ts';
import type { Asked } from '#ui/labels/use-asked.ts';
import type { GalleryView } from './use-gallery-view.ts';

interface ChoiceProps {
  readonly title: string;
  readonly choices: readonly { readonly value: string; readonly label: string; readonly count: number }[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

function Choice({ title, choices, chosen, onChange }: ChoiceProps) {
  if (choices.length === 0) return null;
  return (
    <fieldset>
      <legend className="filter-title">{title}</legend>
      {choices.map(({ value, label, count }) => (
        <CheckField
          key={value}
          label={label}
          detail={count.toLocaleString('en')}
          checked={chosen.includes(value)}
          onChange={(checked) => {
            onChange(checked ? [...chosen, value] : chosen.filter((other) => other !== value));
          }}
        />
      ))}
    </fieldset>
  );
}

const listed = (counts: ReadonlyMap<string, number>, chosen: readonly string[]): readonly [string, number][] => {
  const gone = chosen.filter((value) => !counts.has(value)).map((value): [string, number] => [value, 0]);
  return [...counts, ...gone].sort(([a], [b]) => (a < b ? -1 : 1));
};

const CLASS_FILTERS = [
  ['True label', 'trueClasses'],
  ['Baseline majority', 'baselineLabels'],
  ['Compressed majority', 'compressedLabels'],
] as const;

/** With ten classes there are up to ninety changes: those worth a look come first. */
const commonestFirst = (choices: readonly [string, number][]): readonly [string, number][] =>
  [...choices].sort(([, a], [, b]) => b - a);

/** Every label that is given or chosen, in the order of the questions; those that no question knows last. */
function reviewChoices(
  { schema, classes, nameOf }: Asked,
  counts: ReadonlyMap<string, number>,
  chosen: readonly string[],
): ChoiceProps['choices'] {
  const known = schema.flatMap((question) => answersOf(question, classes).map(({ id }) => labelOf(question.id, id)));
  const others = [...counts.keys(), ...chosen].filter((label) => label !== NO_LABEL && !known.includes(label)).sort();
  return [NO_LABEL, ...known, ...new Set(others)]
    .filter((label) => counts.has(label) || chosen.includes(label))
    .map((value) => ({
      value,
      label: value === NO_LABEL ? 'No label yet' : nameOf(value),
      count: counts.get(value) ?? 0,
    }));
}

interface FiltersProps {
  readonly view: GalleryView;
  readonly reviews: ReviewFacets;
  readonly asked: Asked;
}

/** True label, majorities and their change, attributes and review label; what is chosen within one list is or, between lists and. */
export const Filters = memo(function Filters({ view, reviews, asked }: FiltersProps) {
  const filters = useGallery((state) => state.filters);
  const { facets, names, wholeNames, examples } = view;
  const isNarrow = useMedia(NARROW);
  const [isUnfolded, setUnfolded] = useState(false);
  const active =
    filters.trueClasses.length +
    filters.baselineLabels.length +
    filters.compressedLabels.length +
    filters.changes.length +
    filters.reviewLabels.length +
    filters.reviewers.length +
    Object.values(filters.attributes).reduce((sum, values) => sum + values.length, 0) +
    (filters.scores === null ? 0 : 1) +
    (filters.only.length === 0 ? 0 : 1) +
    (filters.search === '' ? 0 : 1);
  const plain = (counts: ReadonlyMap<string, number>, chosen: readonly string[]): ChoiceProps['choices'] =>
    listed(counts, chosen).map(([value, count]) => ({ value, label: value, count }));
  const named = (value: string): string => names[examples.classes.indexOf(value)] ?? value;
  return (
    <>
      <input
        type="text"
        className="small-input"
        placeholder="Find an id"
        aria-label="Find an id"
        value={filters.search}
        onChange={(event) => {
          setFilters({ search: event.target.value });
        }}
      />
      <details
        className="filter-lists"
        open={!isNarrow || isUnfolded}
        onToggle={(event) => {
          if (isNarrow) setUnfolded(event.currentTarget.open);
        }}
      >
        <summary>Filters: {active === 0 ? 'none' : active}</summary>
        <div className="filter-columns">
          {filters.only.length === 0 ? null : (
            <fieldset>
              <legend className="filter-title">Chosen in the evidence</legend>
              <CheckField
                label="Only these"
                detail={filters.only.length.toLocaleString('en')}
                checked
                onChange={() => {
                  setFilters({ only: [] });
                }}
              />
            </fieldset>
          )}
          {CLASS_FILTERS.map(([title, field]) => (
            <Choice
              key={field}
              title={title}
              choices={plain(facets[field], filters[field]).map((choice) => ({
                ...choice,
                label: wholeNames[examples.classes.indexOf(choice.value)] ?? choice.value,
              }))}
              chosen={filters[field]}
              onChange={(chosen) => {
                setFilters({ [field]: chosen });
              }}
            />
          ))}
          <Choice
            title="Change of the majority"
            choices={commonestFirst(listed(facets.changes, filters.changes)).map(([value, count]) => ({
              value,
              label: value === UNCHANGED ? 'Unchanged' : value.split('→').map(named).join(' → '),
              count,
            }))}
            chosen={filters.changes}
            onChange={(changes) => {
              setFilters({ changes });
            }}
          />
          {[...facets.attributes].map(([name, counts]) => (
            <Choice
              key={name}
              title={name}
              choices={plain(counts, filters.attributes[name] ?? [])}
              chosen={filters.attributes[name] ?? []}
              onChange={(values) => {
                setFilters({ attributes: { ...filters.attributes, [name]: values } });
              }}
            />
          ))}
          <Choice
            title="Review label"
            choices={reviewChoices(asked, reviews.labels, filters.reviewLabels)}
            chosen={filters.reviewLabels}
            onChange={(reviewLabels) => {
              setFilters({ reviewLabels });
            }}
          />
          <Choice
            title="Reviewer"
            choices={plain(reviews.reviewers, filters.reviewers)}
            chosen={filters.reviewers}
            onChange={(reviewers) => {
              setFilters({ reviewers });
            }}
          />
          {active === 0 ? null : (
            <button
              type="button"
              className="lnk"
              onClick={() => {
                const { level, threshold, order, beside } = filters;
                setFilters({ ...NO_FILTERS, level, threshold, order, beside });
              }}
            >
              Clear filters
            </button>
          )}
        </div>
      </details>
    </>
  );
});
