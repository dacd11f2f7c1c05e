import { ORDERS } from '#audit/selection.ts';
import type { GalleryFilters, GalleryState } from './state.ts';

const LISTS = {
  class: 'trueClasses',
  before: 'baselineLabels',
  after: 'compressedLabels',
  change: 'changes',
  label: 'reviewLabels',
  reviewer: 'reviewers',
  only: 'only',
} as const;
const ATTRIBUTE = 'a.';

/** The filters as the query of an address; what is off is left out. */
export function queryFromFilters(filters: GalleryFilters): string {
  return parameters(filters).toString();
}

/** The whole gallery as the query of an address: filters, example in hand, and whether it is large. */
export function queryFromGallery({ filters, selected, large }: GalleryState): string {
  const query = parameters(filters);
  if (selected !== '') query.set('example', selected);
  if (large) query.set('large', '1');
  return query.toString();
}

function parameters(filters: GalleryFilters): URLSearchParams {
  const query = new URLSearchParams();
  query.set('level', filters.level);
  query.set('top', filters.threshold === 'modal-cie' ? 'cie' : String(filters.threshold));
  if (filters.scores !== null) query.set('scores', filters.scores.join('..'));
  for (const [key, field] of Object.entries(LISTS)) for (const value of filters[field]) query.append(key, value);
  for (const [name, values] of Object.entries(filters.attributes)) {
    for (const value of values) query.append(ATTRIBUTE + name, value);
  }
  if (filters.search !== '') query.set('search', filters.search);
  if (filters.order !== 'taxicab') query.set('order', filters.order);
  if (filters.beside) query.set('beside', '1');
  return query;
}

/** The gallery of a query. What it does not say, or says in no known way, is as in `defaults`, without an example in hand. */
export function galleryFromQuery(text: string, defaults: GalleryFilters): GalleryState {
  const query = new URLSearchParams(text);
  return {
    filters: filtersFromQuery(text, defaults),
    selected: query.get('example') ?? '',
    large: query.get('large') === '1',
  };
}

/** The filters of a query. What it does not say, or says in no known way, is as in `defaults`. */
export function filtersFromQuery(text: string, defaults: GalleryFilters): GalleryFilters {
  const query = new URLSearchParams(text);
  const top = query.get('top');
  const percentile = Number(top);
  const known = top !== null && top !== '' && percentile >= 0 && percentile < 100;
  const attributes = new Map<string, string[]>();
  for (const [key, value] of query) {
    if (!key.startsWith(ATTRIBUTE)) continue;
    const name = key.slice(ATTRIBUTE.length);
    attributes.set(name, [...(attributes.get(name) ?? []), value]);
  }
  return {
    level: query.get('level') ?? defaults.level,
    threshold: top === 'cie' ? 'modal-cie' : known ? percentile : defaults.threshold,
    scores: scoresOf(query.get('scores')) ?? defaults.scores,
    trueClasses: query.getAll('class'),
    baselineLabels: query.getAll('before'),
    compressedLabels: query.getAll('after'),
    changes: query.getAll('change'),
    attributes: Object.fromEntries(attributes),
    reviewLabels: query.getAll('label'),
    reviewers: query.getAll('reviewer'),
    only: query.getAll('only'),
    search: query.get('search') ?? '',
    order: ORDERS.find((order) => order === query.get('order')) ?? defaults.order,
    beside: query.get('beside') === '1',
  };
}

function scoresOf(text: string | null): readonly [number, number] | null {
  const [low, high, ...more] = (text ?? '').split('..').map((part) => (part === '' ? Number.NaN : Number(part)));
  if (low === undefined || high === undefined || more.length > 0) return null;
  return low >= 0 && low < high && high <= 2 ? [low, high] : null;
}
