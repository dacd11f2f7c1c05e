import { imageKey, indexImages } from '#sources/inspect.ts';
import { LARGEST_IMAGE } from '#sources/images.ts';
import { readImageHeader, MIME } from '#sources/formats/image-header.ts';
import type { HeldFile } from '#sources/files.ts';
import { centreSquare } from '#sources/square-mean.ts';
import { shelfOf, type Shelf } from '#sources/shelf.ts';
import type { PictureOf } from '#sources/source.ts';
import { createContext, paintPortrait } from './canvas.ts';

/** Pictures of examples that are larger than what the models see. */
export interface Pictures {
  /** The files that a dataset was made of are at hand from now on. */
  open(dataset: string, images: readonly HeldFile[]): void;
  /** At most `size` pixels a side, square; null where no larger picture exists or its file is not at hand. */
  draw(of: PictureOf, size: number): Promise<ImageBitmap | null>;
}

const KEPT_AS = { type: 'image/webp', quality: 0.9 };

/** Draws faces and decodes files once, then takes them from the shelf of their dataset. All in this worker. */
export function createPictures(): Pictures {
  let files: { readonly dataset: string; readonly index: ReadonlyMap<string, HeldFile | null> } | null = null;
  const shelves = new Map<string, Promise<Shelf | null>>();

  const shelf = (dataset: string): Promise<Shelf | null> => {
    const opened = shelves.get(dataset) ?? shelfOf(dataset);
    shelves.set(dataset, opened);
    return opened;
  };

  const fromFile = async (dataset: string, id: string, size: number): Promise<ImageBitmap | null> => {
    const file = files?.dataset === dataset ? files.index.get(imageKey(id)) : null;
    const bytes = await file?.read(LARGEST_IMAGE);
    const header = bytes?.ok ? readImageHeader(bytes.value) : null;
    if (!bytes?.ok || !header?.ok) return null;
    // Bytes that were read from a file or a zip never lie in shared memory.
    const blob = new Blob([bytes.value as Uint8Array<ArrayBuffer>], { type: MIME[header.value.format] });
    const whole = await createImageBitmap(blob);
    const { side, left, top } = centreSquare(whole.width, whole.height);
    const drawn = Math.min(size, side);
    const context = createContext(drawn, drawn);
    context.fillRect(0, 0, drawn, drawn);
    context.imageSmoothingQuality = 'high';
    context.drawImage(whole, left, top, side, side, 0, 0, drawn, drawn);
    whole.close();
    return context.canvas.transferToImageBitmap();
  };

  return {
    open: (dataset, images) => {
      files = { dataset, index: indexImages(images) };
    },
    draw: async ({ dataset, id, face }, size) => {
      const key = `${id}/${String(size)}`;
      const place = dataset === null ? null : await shelf(dataset);
      const kept = await place?.get(key);
      if (kept) return createImageBitmap(kept);
      if (face === null && dataset === null) return null;
      const drawn =
        face === null ? await fromFile(dataset!, id, size) : await paintPortrait(face.seed, face.index, size);
      // The picture goes to the page at once; what is kept of it is written after it.
      if (drawn !== null && place !== null) void keep(place, key, drawn).catch(() => undefined);
      return drawn;
    },
  };
}

/** Copies the picture at once and writes it when it is encoded. A full disk loses nothing but time. */
async function keep(shelf: Shelf, key: string, picture: ImageBitmap): Promise<void> {
  const context = createContext(picture.width, picture.height);
  context.drawImage(picture, 0, 0);
  await shelf.put(key, await context.canvas.convertToBlob(KEPT_AS));
}
