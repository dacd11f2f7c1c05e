import { useEffect, useState } from 'react';
import { useData } from './data.ts';
import { services } from './services.ts';

/** Pictures larger than what the models saw: built-in faces are drawn again. The last few hundred are kept. */
const KEPT = 400;
const pictures = new Map<string, Promise<ImageBitmap>>();

function face(seed: number, index: number, size: number): Promise<ImageBitmap> {
  const key = `${String(seed)}/${String(index)}/${String(size)}`;
  const kept = pictures.get(key);
  if (kept) {
    pictures.delete(key);
    pictures.set(key, kept);
    return kept;
  }
  const drawn = services().sources.portrait(seed, index, size);
  drawn.catch(() => pictures.delete(key));
  pictures.set(key, drawn);
  const oldest = pictures.keys().next().value;
  if (pictures.size > KEPT && oldest !== undefined) pictures.delete(oldest);
  return drawn;
}

/** A built-in face at `size` pixels; null until it is drawn, or for a negative index. */
export function useFace(seed: number, index: number, size: number): ImageBitmap | null {
  const [picture, setPicture] = useState<{ readonly of: string; readonly bitmap: ImageBitmap } | null>(null);
  const key = `${String(seed)}/${String(index)}/${String(size)}`;
  useEffect(() => {
    if (index < 0) return;
    let wanted = true;
    face(seed, index, size).then(
      (bitmap) => {
        if (wanted) setPicture({ of: key, bitmap });
      },
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [key, seed, index, size]);
  return picture?.of === key ? picture.bitmap : null;
}

/** The picture of an example of the dataset in hand where a larger one than the models saw exists, else null. */
export function usePicture(exampleDatasetIndex: number, size: number): ImageBitmap | null {
  const origin = useData(({ state }) => (state.kind === 'ready' ? state.dataset.origin : null));
  const isFace = origin?.kind === 'faces';
  return useFace(isFace ? origin.seed : 0, isFace ? exampleDatasetIndex : -1, size);
}
