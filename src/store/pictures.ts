import { useEffect, useState } from 'react';
import type { Dataset } from '#dataset/dataset.ts';
import type { PictureOf } from '#sources/source.ts';
import { useData } from './data.ts';
import { services } from './services.ts';

/** Pictures larger than what the models saw: built-in faces drawn again, files decoded again. The last few hundred are kept here, more on disk. */
const KEPT = 400;
const pictures = new Map<string, ImageBitmap>();

/** A picture that somebody waits for. */
interface Wish {
  readonly draw: () => Promise<ImageBitmap | null>;
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
          if (picture === null) return;
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

/** Asks for a picture; the answer takes the wish back: a picture that nobody waits for any more is not drawn. */
function askFor(
  key: string,
  draw: () => Promise<ImageBitmap | null>,
  asker: (picture: ImageBitmap) => void,
): () => void {
  const kept = pictures.get(key);
  if (kept) {
    pictures.delete(key);
    pictures.set(key, kept);
    asker(kept);
    return () => undefined;
  }
  const wish = wishes.get(key) ?? { draw, askers: new Set() };
  wish.askers.add(asker);
  wishes.set(key, wish);
  drawNext();
  return () => {
    wish.askers.delete(asker);
    if (wish.askers.size === 0 && wishes.get(key) === wish) wishes.delete(key);
  };
}

/** The picture at `size` pixels; null until it is drawn, where there is none, and for nothing asked. */
function useDrawn(of: PictureOf | null, size: number): ImageBitmap | null {
  const [picture, setPicture] = useState<{ readonly of: string; readonly bitmap: ImageBitmap } | null>(null);
  // The wish as text: the same wish is not made anew.
  const key = of === null ? null : JSON.stringify([of, size]);
  useEffect(() => {
    if (key === null) return;
    const [wanted, side] = JSON.parse(key) as [PictureOf, number];
    return askFor(
      key,
      () => services().sources.picture(wanted, side),
      (bitmap) => {
        setPicture({ of: key, bitmap });
      },
    );
  }, [key]);
  return picture?.of === key ? picture.bitmap : null;
}

/** A built-in face at `size` pixels, whatever the data in hand are; null until it is drawn. */
export function useFace(seed: number, index: number, size: number): ImageBitmap | null {
  return useDrawn({ dataset: null, id: '', face: { seed, index } }, size);
}

/** The picture of an example of the dataset in hand where a larger one than the models saw exists, else null. */
export function usePicture(index: number, size: number): ImageBitmap | null {
  const dataset = useData(({ state }) => (state.kind === 'ready' ? state.dataset : null));
  const id = dataset?.ids[index];
  return useDrawn(!dataset || id === undefined ? null : pictureOf(dataset, index, id), size);
}

function pictureOf({ origin, hash, features }: Dataset, index: number, id: string): PictureOf | null {
  if (features.kind !== 'images') return null;
  if (origin.kind === 'faces') return { dataset: hash, id, face: { seed: origin.seed, index } };
  return origin.kind === 'files' ? { dataset: hash, id, face: null } : null;
}
