import { useState } from 'react';
import { usePicture } from '#store/pictures.ts';
import { Dialog } from '#ui/kit/dialog.tsx';
import { ExampleImage } from '#ui/kit/example-image.tsx';
import { list } from '#ui/kit/format.ts';
import { levelTitle } from '#ui/kit/levels.ts';
import { Segmented } from '#ui/kit/segmented.tsx';
import { Votes } from '#ui/kit/votes.tsx';
import { Copies } from './copies.tsx';
import { Facts } from './facts.tsx';
import { MemberGrid } from './member-grid.tsx';
import { Neighbours } from './neighbours.tsx';
import { PixelImage } from './pixel-image.tsx';
import { PlacedValues } from './placed-values.tsx';
import { votesOf, type GalleryView } from './use-gallery-view.ts';
import { VotesPath } from './votes-path.tsx';
import { pictureText } from './words.ts';

interface LargeViewProps {
  readonly view: GalleryView;
  readonly example: number;
  readonly onClose: () => void;
}

/** About so many CSS pixels is the larger side of a picture; a pixel of it is a whole number of them. */
const SIDE = 384;

function Pictures({ view, example }: Pick<LargeViewProps, 'view' | 'example'>) {
  const { dataset, datasetIndices } = view;
  const index = datasetIndices[example] ?? -1;
  const picture = usePicture(index, 480);
  const [isSmooth, setSmooth] = useState(false);
  const { features } = dataset;
  if (features.kind !== 'images') return null;
  const side = picture ? SIDE / 2 : SIDE;
  const scale = Math.max(1, Math.floor(side / Math.max(features.width, features.height)));
  return (
    <div className="large-pictures">
      {picture ? (
        <figure>
          <ExampleImage dataset={dataset} index={index} size={SIDE} larger={picture} />
          <figcaption className="no">{dataset.origin.kind === 'files' ? 'from its file' : 'drawn large'}</figcaption>
        </figure>
      ) : null}
      <figure>
        <PixelImage
          dataset={dataset}
          index={index}
          scale={scale}
          isSmooth={isSmooth}
          text={pictureText(view, example)}
        />
        <figcaption className="no">
          what the models saw, {features.width} × {features.height} pixels
        </figcaption>
      </figure>
      <Segmented
        legend="How the pixels are shown"
        options={[
          { value: 'pixels', label: 'Pixels' },
          { value: 'smooth', label: 'Smooth' },
        ]}
        value={isSmooth ? 'smooth' : 'pixels'}
        onChange={(value) => {
          setSmooth(value === 'smooth');
        }}
      />
    </div>
  );
}

/** The votes of both populations as bars with their counts, and the same in a sentence each. */
function VotesOfBoth({ view, example }: Pick<LargeViewProps, 'view' | 'example'>) {
  const { audit, comparison, wholeNames } = view;
  const all = votesOf({ ...view, names: wholeNames }, example);
  const rows = all.length <= 2 ? all : all.filter(({ baseline, compressed }) => baseline + compressed > 0);
  const said = (who: 'baseline' | 'compressed', members: number): string =>
    `${list(rows.filter((row) => row[who] > 0).map((row) => `${String(row[who])} of ${String(members)} say ${row.label}`))}`;
  const before = wholeNames[audit.baseline.modal[example] ?? 0] ?? '';
  const after = wholeNames[comparison.population.modal[example] ?? 0] ?? '';
  return (
    <section aria-labelledby="large-votes">
      <h3 id="large-votes" className="large-title">
        Votes of both populations
      </h3>
      <div className="votes-large">
        <Votes rows={rows} baselineMembers={audit.baseline.members} compressedMembers={comparison.population.members} />
      </div>
      <p className="no">
        Baseline: {said('baseline', audit.baseline.members)}. At {levelTitle(comparison.level)}:{' '}
        {said('compressed', comparison.population.members)}.{' '}
        {before === after ? `The majority says ${before} both times.` : `The majority went from ${before} to ${after}.`}
      </p>
    </section>
  );
}

/** An example with all that is known of it: its pixels or values, votes, path over the levels, members, neighbours and copies. */
export function LargeView({ view, example, onClose }: LargeViewProps) {
  const { dataset, datasetIndices, examples, audit, comparison, wholeNames } = view;
  const index = datasetIndices[example] ?? -1;
  const isImage = dataset.features.kind === 'images';
  const before = audit.baseline.modal[example] ?? 0;
  const votesFor = (votes: Uint16Array): number => votes[example * examples.classes.length + before] ?? 0;
  return (
    <Dialog open title={examples.ids[example] ?? ''} onClose={onClose}>
      <div className={isImage ? 'large' : 'large rows'}>
        {isImage ? <Pictures view={view} example={example} /> : <PlacedValues dataset={dataset} index={index} />}
        <div className="large-facts">
          <Facts view={view} example={example} />
          <VotesOfBoth view={view} example={example} />
          <VotesPath
            classLabel={wholeNames[before] ?? ''}
            baseline={{ votes: votesFor(audit.baseline.votes), members: audit.baseline.members }}
            levels={audit.comparisons.map(({ level, population }) => ({
              level,
              votes: votesFor(population.votes),
              members: population.members,
            }))}
            current={comparison.level}
          />
          <MemberGrid view={view} example={example} />
          <Neighbours view={view} example={example} />
          <Copies view={view} index={index} />
        </div>
      </div>
    </Dialog>
  );
}
