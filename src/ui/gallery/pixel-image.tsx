import { useEffect, useRef } from 'react';
import type { Dataset } from '#dataset/dataset.ts';
import { exampleImageData } from '#ui/kit/example-pixels.ts';

interface PixelImageProps {
  readonly dataset: Dataset;
  /** Index into the dataset. */
  readonly index: number;
  /** CSS pixels for each pixel of the picture. */
  readonly scale: number;
  readonly isSmooth: boolean;
  /** What it shows, in words. */
  readonly text: string;
}

/** Exactly the pixels that the models saw, each as a square or smoothly joined. */
export function PixelImage({ dataset, index, scale, isSmooth, text }: PixelImageProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const image = exampleImageData(dataset, index);
    if (image) ref.current?.getContext('2d')?.putImageData(image, 0, 0);
  }, [dataset, index]);
  const { features } = dataset;
  if (features.kind !== 'images') return null;
  return (
    <canvas
      ref={ref}
      role="img"
      aria-label={text}
      width={features.width}
      height={features.height}
      className={isSmooth ? 'pixels smooth' : 'pixels'}
      style={{ width: features.width * scale, height: features.height * scale }}
    />
  );
}
