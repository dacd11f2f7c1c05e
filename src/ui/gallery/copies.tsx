import { useCallback } from 'react';
import { SPLIT_AUDIT, SPLIT_TRAIN } from '#dataset/dataset.ts';
import { duplicatesOf } from '#dataset/duplicates.ts';
import { counted } from '#ui/kit/format.ts';
import type { GalleryView } from './use-gallery-view.ts';
import { useSteps } from './use-steps.ts';

/** As many copies are named. */
const NAMED = 12;

interface CopiesProps {
  readonly view: GalleryView;
  /** Index into the dataset. */
  readonly index: number;
}

/** The examples of the data with exactly the same content, and in which part of the split they are. */
export function Copies({ view: { dataset }, index }: CopiesProps) {
  const make = useCallback(() => duplicatesOf(dataset, index), [dataset, index]);
  const copies = useSteps(make);
  return (
    <section aria-labelledby="large-copies">
      <h3 id="large-copies" className="large-title">
        Copies in the data
      </h3>
      {copies === null ? (
        <p className="no">Looking for copies…</p>
      ) : copies.length === 0 ? (
        <p className="no">No other {dataset.noun[0]} has exactly this content.</p>
      ) : (
        <>
          <p className="no">
            {counted(copies.length, dataset.noun)} with exactly the same content, whatever their label:
          </p>
          <ul className="copies">
            {copies.slice(0, NAMED).map((copy) => (
              <li key={copy}>
                <b>{dataset.ids[copy]}</b>{' '}
                <span className="mute">{PARTS[dataset.split[copy] ?? -1] ?? 'used for nothing'}</span>
              </li>
            ))}
            {copies.length > NAMED ? <li className="mute">and {copies.length - NAMED} more</li> : null}
          </ul>
        </>
      )}
    </section>
  );
}
const PARTS: Readonly<Record<number, string>> = { [SPLIT_TRAIN]: 'trained on: a leak', [SPLIT_AUDIT]: 'audited too' };
