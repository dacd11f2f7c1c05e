import type { CSSProperties } from 'react';
import { useEffect, useRef } from 'react';
import type { Dataset } from '#dataset/dataset.ts';
import { describeExample, exampleImageData } from './example-pixels.ts';

interface ExampleImageProps {
  readonly dataset: Dataset;
  /** Index into the dataset (not into the audit examples). */
  readonly index: number;
  /** Side on screen, CSS pixels. */
  readonly size: number;
  /** A sharper drawing of the same example, once there is one; `null` shows the pixels that the models saw. */
  readonly larger?: ImageBitmap | null;
  readonly className?: string;
}

/** The picture of an example on a canvas, smoothly enlarged; nothing for a table. Its text names label and attributes. */
export function ExampleImage({ dataset, index, size, larger = null, className }: ExampleImageProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (canvas === null || context === null || context === undefined) return;
    const source = larger ?? smallCanvas(dataset, index);
    if (source === null) return;
    const side = Math.round(size * Math.min(2, window.devicePixelRatio));
    canvas.width = side;
    canvas.height = side;
    context.imageSmoothingQuality = 'high';
    context.drawImage(source, 0, 0, side, side);
  }, [dataset, index, size, larger]);
  if (dataset.features.kind !== 'images') return null;
  const style: CSSProperties = { width: size, height: size };
  return (
    <canvas
      ref={ref}
      role="img"
      aria-label={describeExample(dataset, index)}
      className={className ?? 'face'}
      style={style}
    />
  );
}

function smallCanvas(dataset: Dataset, index: number): HTMLCanvasElement | null {
  const image = exampleImageData(dataset, index);
  if (image === null) return null;
  const small = document.createElement('canvas');
  small.width = image.width;
  small.height = image.height;
  small.getContext('2d')?.putImageData(image, 0, 0);
  return small;
}
