import type { ReviewFacets } from '#audit/review-facets.ts';
import { NO_LABEL } from '#audit/selection.ts';
import { clearMarks } from '#store/marking.ts';
import { chooseReading, useReading } from '#store/reading.ts';
import { Button, LinkButton } from '#ui/kit/button.tsx';
import { count, counted } from '#ui/kit/format.ts';
import type { GalleryView } from './use-gallery-view.ts';
import { MOST_AT_ONCE, useLeftOff, type Labelling } from './use-labelling.ts';

interface QueueProps {
  readonly view: GalleryView;
  readonly reviews: ReviewFacets;
  readonly labelling: Labelling;
  /** Place of the example in hand among those shown; -1 while none was chosen. */
  readonly place: number;
}

/** How many are labelled at this threshold, where one left off, and what the next label goes to. */
export function Queue({ view, reviews, labelling, place }: QueueProps) {
  const { within, shown, dataset, examples } = view;
  const { marked, said, go, markAll, nextOpen } = labelling;
  const labelled = within - (reviews.labels.get(NO_LABEL) ?? 0);
  const last = useLeftOff();
  const isReviewed = useReading(({ reading }) => reading === 'reviewed');
  const lastPlace = last === null || place >= 0 ? -1 : shown.indexOf(examples.ids.indexOf(last));
  return (
    <div className="queue">
      <p className="vh" role="status">
        {said}
      </p>
      <span>
        <progress max={within} value={labelled} aria-label="Labelled at this threshold" />
        {count(labelled)} of {counted(within, dataset.noun)} labelled at this threshold
      </span>
      {lastPlace < 0 ? null : <LinkButton onClick={() => go(lastPlace)}>You left off at {last}, go there</LinkButton>}
      <LinkButton onClick={nextOpen}>
        Next without a label <kbd>U</kbd>
      </LinkButton>
      {isReviewed ? (
        <span>
          True labels and attributes as reviewed.{' '}
          <LinkButton onClick={() => chooseReading('delivered')}>Show them as delivered</LinkButton>
        </span>
      ) : null}
      {marked.length > 0 ? (
        <>
          <b aria-live="polite">{counted(marked.length, dataset.noun)} marked: the next label goes to all of them</b>
          <Button small onClick={clearMarks} keys="Escape">
            Unmark
          </Button>
        </>
      ) : (
        <Button
          small
          onClick={markAll}
          disabledReason={
            shown.length === 0
              ? 'Nothing is shown'
              : shown.length > MOST_AT_ONCE
                ? `More than ${count(MOST_AT_ONCE)} are shown: filter them first`
                : null
          }
        >
          Mark all {count(shown.length)} shown
        </Button>
      )}
    </div>
  );
}
