import { rowOf } from '#dataset/describe.ts';
import type { GalleryView } from './use-gallery-view.ts';
import { scoreText, scoreUnit, words } from './words.ts';

/** True label, score and attributes of an example. What the row of a table shows anyway is not said twice. */
export function Facts({ view, example }: { readonly view: GalleryView; readonly example: number }) {
  const { dataset, datasetIndices, examples, wholeNames, audit, comparison } = view;
  const row = rowOf(dataset, datasetIndices[example] ?? -1);
  const apart = examples.attributes.filter(({ name }) => !row.some((cell) => cell.name === name));
  const members = [audit.baseline.members, comparison.population.members] as const;
  return (
    <dl className="facts">
      <dt>True label</dt>
      <dd>
        <b>{wholeNames[examples.labels[example] ?? 0]}</b>
      </dd>
      <dt>Score</dt>
      <dd>
        {scoreText(comparison.taxicab.scores[example] ?? 0, ...members)}
        {members[0] === members[1] ? ` of ${String(2 * members[0])} ${scoreUnit(...members)}` : ' of 2'}
      </dd>
      {apart.map(({ name, values, codes }) => (
        <div className="fact" key={name}>
          <dt>{name}</dt>
          <dd>{values[codes[example] ?? -1] ?? words.missing}</dd>
        </div>
      ))}
    </dl>
  );
}
