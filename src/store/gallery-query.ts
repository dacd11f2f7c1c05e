import type { GalleryFilters } from './state.ts';

const LISTS = { class: 'trueClasses', change: 'changes', label: 'reviewLabels' } as const;
const ATTRIBUTE = 'a.';

/** The filters as the query of an address; what is off is left out. */
export function queryFromFilters(filters: GalleryFilters): string {
  const query = new URLSearchParams();
  query.set('level', filters.level);
  query.set('top', filters.threshold === 'modal-cie' ? 'cie' : String(filters.threshold));
  for (const [key, field] of Object.entries(LISTS)) for (const value of filters[field]) query.append(key, value);
  for (const [name, values] of Object.entries(filters.attributes)) {
    for (const value of values) query.append(ATTRIBUTE + name, value);
  }
  if (filters.search !== '') query.set('search', filters.search);
  return query.toString();
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
    trueClasses: query.getAll('class'),
    changes: query.getAll('change'),
    attributes: Object.fromEntries(attributes),
    reviewLabels: query.getAll('label'),
    search: query.get('search') ?? '',
  };
}
