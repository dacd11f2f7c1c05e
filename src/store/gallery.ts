import { create } from 'zustand';
import { filtersFromQuery, queryFromFilters } from './gallery-query.ts';
import type { GalleryFilters, GalleryState } from './state.ts';

export const NO_FILTERS: GalleryFilters = {
  level: '',
  threshold: 'modal-cie',
  trueClasses: [],
  changes: [],
  attributes: {},
  reviewLabels: [],
  search: '',
};

export const useGallery = create<GalleryState>(() => ({ filters: NO_FILTERS, selected: -1 }));

const PATH = '#/gallery';
const inGallery = (): boolean => location.hash.startsWith(PATH);

/** Changes filters; while the gallery is open its address follows. The example in hand stays if it is still there. */
export function setFilters(change: Partial<GalleryFilters>): void {
  const filters = { ...useGallery.getState().filters, ...change };
  useGallery.setState({ filters });
  if (inGallery()) history.replaceState(null, '', `${PATH}?${queryFromFilters(filters)}`);
}

/** Another audit is in hand: filters of the one before would hide its examples. An address that names filters keeps them. */
export function resetGallery(): void {
  useGallery.setState({ filters: NO_FILTERS, selected: -1 });
  readAddress();
}

export function select(example: number): void {
  useGallery.setState({ selected: example });
}

/** Opens the gallery on exactly these examples: every filter not named is off. */
export function openGalleryOn(change: Partial<GalleryFilters>): void {
  const filters = { ...NO_FILTERS, level: useGallery.getState().filters.level, ...change };
  useGallery.setState({ filters, selected: -1 });
  location.hash = `${PATH}?${queryFromFilters(filters)}`;
}

/** Takes the filters of the address, if it has any: a link or a reload. */
export function readAddress(): void {
  if (!inGallery()) return;
  const query = location.hash.slice(PATH.length).replace(/^\?/, '');
  if (query !== '') useGallery.setState({ filters: filtersFromQuery(query, NO_FILTERS) });
}
