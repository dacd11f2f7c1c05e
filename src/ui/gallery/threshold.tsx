import { memo } from 'react';
import { percentileCount } from '#audit/ranking.ts';
import { scoreHistogram, topOfHistogram } from '#audit/score-histogram.ts';
import { setFilters, useGallery } from '#store/gallery.ts';
import { Segmented } from '#ui/kit/segmented.tsx';
import { ScoreBrush } from './score-brush.tsx';
import type { GalleryView } from './use-gallery-view.ts';
import { scoreText, scoreUnit, words } from './words.ts';

/** The slider runs over -log10 of the share: 0 is everyone, 3 is one in a thousand. */
const MOST = 3;
const percentileAt = (position: number): number => Math.round((100 - 100 / 10 ** position) * 100) / 100;
const positionOf = (percentile: number): number => Math.min(MOST, -Math.log10((100 - percentile) / 100));
const shareText = (percentile: number): string => `${String(Number((100 - percentile).toPrecision(3)))}\u00a0%`;

interface ThresholdProps {
  readonly view: GalleryView;
  readonly noun: string;
}

/** Chooses how far down the ranking to look: exactly the changed labels, or a top share; below it the scores, with a brush. */
export const Threshold = memo(function Threshold({ view, noun }: ThresholdProps) {
  const threshold = useGallery(({ filters }) => filters.threshold);
  const { comparison, audit } = view;
  const { ranking, scores } = comparison.taxicab;
  const isChanged = threshold === 'modal-cie';
  const percentile = isChanged ? 95 : threshold;
  const count = isChanged ? view.within : percentileCount(ranking.length, percentile);
  const last = ranking[Math.max(0, count - 1)];
  const members = [audit.baseline.members, comparison.population.members] as const;
  const least = last === undefined || isChanged ? null : scoreText(scores[last] ?? 0, ...members);
  const counts = view.histogram;
  const inside = isChanged ? scoreHistogram(scores, comparison.modalCie.indices) : topOfHistogram(counts, count);
  return (
    <div>
      <div className="lab threshold-lab">
        <Segmented
          legend="How far down the ranking"
          options={[
            { value: 'modal-cie', label: words.changed },
            { value: 'top', label: words.top },
          ]}
          value={isChanged ? 'modal-cie' : 'top'}
          onChange={(value) => {
            setFilters({ threshold: value === 'modal-cie' ? 'modal-cie' : percentile });
          }}
        />
        <span className="threshold-said">
          {isChanged ? (
            <>
              <b>{count.toLocaleString('en')}</b> {noun}
            </>
          ) : (
            <>
              top <b>{shareText(percentile)}</b>, {count.toLocaleString('en')} {noun}
              <br />
              at least <b>{least}</b> {scoreUnit(...members)}
            </>
          )}
        </span>
      </div>
      <div className="lab threshold-share">
        <span>everyone</span>
        <input
          type="range"
          min={0}
          max={MOST}
          step={0.01}
          value={positionOf(percentile)}
          aria-label="Share of the ranking, by Taxicab percentile"
          aria-valuetext={`top ${shareText(percentile)}, ${String(percentileCount(ranking.length, percentile))} ${noun}`}
          onChange={(event) => {
            setFilters({ threshold: percentileAt(Number(event.target.value)) });
          }}
        />
        <span>top 0.1 %</span>
      </div>
      <ScoreBrush counts={counts} inside={inside} members={members} />
    </div>
  );
});
