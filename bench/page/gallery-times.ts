/** What the command line measures, in milliseconds. */
export interface GalleryTimes {
  /** Time between frames while the ranking scrolls. */
  readonly scroll: readonly number[];
  /** Time between frames in the third of a second after each change of level. */
  readonly levels: readonly number[];
  /** From a label's key to the label on disk, the next example in hand and drawn. */
  readonly keys: readonly number[];
}

declare global {
  interface Window {
    longtailGallery?: { readonly measure: (rounds: number) => Promise<GalleryTimes> };
  }
}
