import type { Dataset } from '#dataset/dataset.ts';
import { withSheet, type Preview } from '#storage/preview.ts';

/** The dataset of a preview with its pictures; null where the browser cannot decode them, or they do not fit. */
export async function readSheet(preview: Preview): Promise<Dataset | null> {
  try {
    const picture = await createImageBitmap(new Blob([preview.sheet as Uint8Array<ArrayBuffer>]));
    const { width, height } = picture;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (context === null) return null;
    context.drawImage(picture, 0, 0);
    return withSheet(preview, { width, height, rgba: context.getImageData(0, 0, width, height).data });
  } catch {
    return null;
  }
}
