import { usePicture } from '#store/pictures.ts';
import { Dialog } from '#ui/kit/dialog.tsx';
import { ExampleImage } from '#ui/kit/example-image.tsx';
import type { GalleryView } from './use-gallery-view.ts';

interface LargeViewProps {
  readonly view: GalleryView;
  readonly example: number;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The picture as large as is useful, beside the pixels that the models saw. */
export function LargeView({ view, example, open, onClose }: LargeViewProps) {
  const index = view.datasetIndices[example] ?? -1;
  const { features } = view.dataset;
  const picture = usePicture(open ? index : -1, 480);
  if (!open || index < 0 || features.kind !== 'images') return null;
  return (
    <Dialog open title={view.examples.ids[example] ?? ''} onClose={onClose}>
      <div className="large-pair">
        {picture ? (
          <figure>
            <ExampleImage dataset={view.dataset} index={index} size={384} larger={picture} />
            <figcaption className="no">drawn large</figcaption>
          </figure>
        ) : null}
        <figure>
          <ExampleImage dataset={view.dataset} index={index} size={picture ? 192 : 384} className="face seen" />
          <figcaption className="no">
            what the models saw, {features.width} × {features.height} pixels
          </figcaption>
        </figure>
      </div>
    </Dialog>
  );
}
