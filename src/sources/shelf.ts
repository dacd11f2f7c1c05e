/** Pictures of a dataset that were drawn or decoded before, kept on this device. */
export interface Shelf {
  /** The picture under the key; null where it was never put there or has been thrown out. */
  get(key: string): Promise<Blob | null>;
  /** Keeps a picture; beyond `MOST` those that were put there first are thrown out. */
  put(key: string, picture: Blob): Promise<void>;
}

/** Of each dataset: some 30 MB of thumbnails, with some larger ones among them. */
const MOST = 3000;
/** Counting what is there takes a while: it is done once for so many new pictures. */
const PER_COUNT = 100;

const nameOf = (dataset: string): string => `longtail.pictures/${dataset}`;
/** The address under which a picture lies; nothing is ever fetched from there. */
const addressOf = (key: string): string => `https://pictures.invalid/${encodeURIComponent(key)}`;

/** The shelf of a dataset, by its content hash; null where the browser gives a page no cache (not a secure address). */
export async function shelfOf(dataset: string): Promise<Shelf | null> {
  if (typeof caches === 'undefined') return null;
  try {
    const cache = await caches.open(nameOf(dataset));
    let put = 0;
    return {
      get: async (key) => (await cache.match(addressOf(key)))?.blob() ?? null,
      put: async (key, picture) => {
        await cache.put(addressOf(key), new Response(picture));
        if (++put % PER_COUNT !== 0) return;
        const kept = await cache.keys();
        await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST)).map((request) => cache.delete(request)));
      },
    };
  } catch {
    return null; // private windows of some browsers refuse
  }
}

/** Throws out every picture of a dataset. */
export async function clearShelf(dataset: string): Promise<void> {
  if (typeof caches === 'undefined') return;
  try {
    await caches.delete(nameOf(dataset));
  } catch {
    // as above: then there was nothing
  }
}
