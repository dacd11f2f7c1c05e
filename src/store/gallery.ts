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
  reviewers: [],
  only: [],
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

/** An address costs a browser some milliseconds, and a few hundred in a minute make it refuse: who walks on by key writes one. */
const PAUSE_MS = 250;
let pause = 0;
/** The address that was written or read last. */
let known = '';

/** Writes an address that still waits; to be called before a step changes the state that it stands for. */
function settleAddress(): void {
  if (pause === 0) return;
  dropAddress();
  write(false);
}
function dropAddress(): void {
  window.clearTimeout(pause);
  pause = 0;
}
if (typeof window !== 'undefined') window.addEventListener('pagehide', settleAddress);

function write(isStep: boolean): void {
  if (!inGallery()) return;
  const address = `${PATH}?${queryFromGallery(useGallery.getState())}`;
  known = address;
  if (address === location.hash) return;
  if (isStep && location.hash.includes('?')) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
}

/** While the gallery is open its address follows. A new step is one that the browser's back button takes back. */
function writeAddress(isStep: boolean): void {
  if (isStep) write(true);
  else if (pause === 0) pause = window.setTimeout(settleAddress, PAUSE_MS);
}

/** Changes filters. The example in hand stays if it is still there. */
export function setFilters(change: Partial<GalleryFilters>): void {
  const { filters } = useGallery.getState();
  const fields = Object.keys(change).join();
  const goesOn = fields === gesture;
  if (!goesOn) settleAddress();
  gesture = GESTURES.includes(fields) ? fields : null;
  useGallery.setState({ filters: { ...filters, ...change } });
  // The first level is chosen by the app, not by a person.
  writeAddress(!goesOn && filters.level !== '');
}

/** Another audit is in hand: filters of the one before would hide its examples. An address that names filters keeps them. */
export function resetGallery(): void {
  dropAddress();
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
  settleAddress();
  useGallery.setState({ large });
  writeAddress(true);
}

/** Shows an example large. One that the filters hide is shown among all examples of the level. */
export function openExample(id: string, isHidden: boolean): void {
  gesture = null;
  settleAddress();
  const { filters } = useGallery.getState();
  const open = isHidden ? { ...NO_FILTERS, level: filters.level, threshold: 0 } : filters;
  useGallery.setState({ filters: open, selected: id, large: true });
  writeAddress(true);
}

/** Opens the gallery on exactly these examples: every filter not named is off. */
export function openGalleryOn(change: Partial<GalleryFilters>): void {
  const filters = { ...NO_FILTERS, level: useGallery.getState().filters.level, ...change };
  gesture = null;
  settleAddress();
  useGallery.setState({ filters, selected: '', large: false });
  location.hash = `${PATH}?${queryFromFilters(filters)}`;
}

/** Takes what the address says, if it says anything: a link, a reload, a step back or forward. */
export function readAddress(): void {
  // While an address waits the browser may still tell of the one before it.
  if (!inGallery() || (pause !== 0 && location.hash === known)) return;
  gesture = null;
  dropAddress();
  known = location.hash;
  const query = location.hash.slice(PATH.length).replace(/^\?/, '');
  if (query !== '') useGallery.setState(galleryFromQuery(query, NO_FILTERS));
}
