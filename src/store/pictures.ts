import { useEffect, useState } from 'react';
import { useData } from './data.ts';
import { services } from './services.ts';

/** Pictures larger than what the models saw: built-in faces are drawn again. The last few hundred are kept. */
const KEPT = 400;
const pictures = new Map<string, ImageBitmap>();

/** A picture that somebody waits for. */
interface Wish {
  readonly draw: () => Promise<ImageBitmap>;
  readonly askers: Set<(picture: ImageBitmap) => void>;
}
const wishes = new Map<string, Wish>();
/** As many are drawn at a time: a fast scroll asks for hundreds that are out of sight before their turn comes. */
const AT_A_TIME = 4;
let drawing = 0;

/** Draws what was asked for last first. */
function drawNext(): void {
  while (drawing < AT_A_TIME) {
    const last = [...wishes].at(-1);
    if (last === undefined) return;
    const [key, { draw, askers }] = last;
    wishes.delete(key);
    drawing++;
    draw()
      .then(
        (picture) => {
          pictures.set(key, picture);
          const oldest = pictures.keys().next().value;
          if (pictures.size > KEPT && oldest !== undefined) pictures.delete(oldest);
          for (const asker of askers) asker(picture);
        },
        () => undefined,
      )
      .finally(() => {
        drawing--;
        drawNext();
      });
  }
}

/** Asks for a face; the answer takes the wish back: a picture that nobody waits for any more is not drawn. */
function askForFace(
  key: string,
  [seed, index, size]: readonly [number, number, number],
  asker: (picture: ImageBitmap) => void,
): () => void {
  const kept = pictures.get(key);
  if (kept) {
    pictures.delete(key);
    pictures.set(key, kept);
    asker(kept);
    return () => undefined;
  }
  const wish = wishes.get(key) ?? { draw: () => services().sources.portrait(seed, index, size), askers: new Set() };
  wish.askers.add(asker);
  wishes.set(key, wish);
  drawNext();
  return () => {
    wish.askers.delete(asker);
    if (wish.askers.size === 0 && wishes.get(key) === wish) wishes.delete(key);
  };
}

/** A built-in face at `size` pixels; null until it is drawn, or for a negative index. */
export function useFace(seed: number, index: number, size: number): ImageBitmap | null {
  const [picture, setPicture] = useState<{ readonly of: string; readonly bitmap: ImageBitmap } | null>(null);
  const key = `${String(seed)}/${String(index)}/${String(size)}`;
  useEffect(() => {
    if (index < 0) return;
    return askForFace(key, [seed, index, size], (bitmap) => {
      setPicture({ of: key, bitmap });
    });
  }, [key, seed, index, size]);
  return picture?.of === key ? picture.bitmap : null;
}

/** The picture of an example of the dataset in hand where a larger one than the models saw exists, else null. */
export function usePicture(exampleDatasetIndex: number, size: number): ImageBitmap | null {
  const origin = useData(({ state }) => (state.kind === 'ready' ? state.dataset.origin : null));
  const isFace = origin?.kind === 'faces';
  return useFace(isFace ? origin.seed : 0, isFace ? exampleDatasetIndex : -1, size);
}
