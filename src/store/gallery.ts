import { create } from 'zustand';
import { galleryFromQuery, queryFromFilters, queryFromGallery } from './gallery-query.ts';
import type { GalleryFilters, GalleryState } from './state.ts';

export const NO_FILTERS: GalleryFilters = {
  level: '',
  threshold: 'modal-cie',
  scores: null,
  trueClasses: [],
  baselineLabels: [],
  compressedLabels: [],
  changes: [],
  attributes: {},
  reviewLabels: [],
  search: '',
  order: 'taxicab',
  beside: false,
};

export const useGallery = create<GalleryState>(() => ({ filters: NO_FILTERS, selected: '', large: false }));

const PATH = '#/gallery';
const inGallery = (): boolean => location.hash.startsWith(PATH);

/** What is dragged or typed: one gesture is one step back, not one for each value on the way. */
const GESTURES: readonly string[] = ['threshold', 'scores', 'search'] satisfies (keyof GalleryFilters)[];
let gesture: string | null = null;

/** While the gallery is open its address follows. A new step is one that the browser's back button takes back. */
function writeAddress(isStep: boolean): void {
  if (!inGallery()) return;
  const address = `${PATH}?${queryFromGallery(useGallery.getState())}`;
  if (address === location.hash) return;
  if (isStep && location.hash.includes('?')) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
}

/** Changes filters. The example in hand stays if it is still there. */
export function setFilters(change: Partial<GalleryFilters>): void {
  const { filters } = useGallery.getState();
  const fields = Object.keys(change).join();
  const goesOn = fields === gesture;
  gesture = GESTURES.includes(fields) ? fields : null;
  useGallery.setState({ filters: { ...filters, ...change } });
  // The first level is chosen by the app, not by a person.
  writeAddress(!goesOn && filters.level !== '');
}

/** Another audit is in hand: filters of the one before would hide its examples. An address that names filters keeps them. */
export function resetGallery(): void {
  useGallery.setState({ filters: NO_FILTERS, selected: '', large: false });
  readAddress();
}

/** Takes an example in hand, by its id. */
export function select(selected: string): void {
  useGallery.setState({ selected });
  writeAddress(false);
}

/** Shows the example in hand large, or closes the large view. */
export function showLarge(large: boolean): void {
  gesture = null;
  useGallery.setState({ large });
  writeAddress(true);
}

/** Opens the gallery on exactly these examples: every filter not named is off. */
export function openGalleryOn(change: Partial<GalleryFilters>): void {
  const filters = { ...NO_FILTERS, level: useGallery.getState().filters.level, ...change };
  gesture = null;
  useGallery.setState({ filters, selected: '', large: false });
  location.hash = `${PATH}?${queryFromFilters(filters)}`;
}

/** Takes what the address says, if it says anything: a link, a reload, a step back or forward. */
export function readAddress(): void {
  if (!inGallery()) return;
  gesture = null;
  const query = location.hash.slice(PATH.length).replace(/^\?/, '');
  if (query !== '') useGallery.setState(galleryFromQuery(query, NO_FILTERS));
}
