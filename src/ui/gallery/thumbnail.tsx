import { useEffect, useRef } from 'react';
import type { Dataset } from '#dataset/dataset.ts';
import { usePicture } from '#store/pictures.ts';
import { exampleImageData } from '#ui/kit/example-pixels.ts';

/** About as many pixels as a thumbnail has on screen. */
const SIDE = 160;

/**
 * The picture on a card: the pixels that the models saw, and a sharper one as soon as there is one. It is drawn once at its
 * own size; the browser enlarges it. The card says in words what it shows.
 */
export function Thumbnail({ dataset, index }: { readonly dataset: Dataset; readonly index: number }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const picture = usePicture(index, SIDE);
  useEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return;
    const image = picture ?? exampleImageData(dataset, index);
    if (image === null) return;
    canvas.width = image.width;
    canvas.height = image.height;
    const context = canvas.getContext('2d');
    if (image instanceof ImageData) context?.putImageData(image, 0, 0);
    else context?.drawImage(image, 0, 0);
  }, [dataset, index, picture]);
  return <canvas ref={ref} className="thumb" aria-hidden="true" />;
}
