import { expect, test } from 'vitest';
import { filtersFromQuery, queryFromFilters } from './gallery-query.ts';
import type { GalleryFilters } from './state.ts';

const NONE: GalleryFilters = {
  level: '',
  threshold: 'modal-cie',
  trueClasses: [],
  changes: [],
  attributes: {},
  reviewLabels: [],
  search: '',
};

test('filters come back from their own query, also with hostile names', () => {
  const filters: GalleryFilters = {
    level: 'pruned-0.95',
    threshold: 97.5,
    trueClasses: ['a&b=c', '<img onerror=1>'],
    changes: ['blond→not blond'],
    attributes: { 'Skin tone': ['dark', 'light'], __proto__x: ['1'] },
    reviewLabels: ['none'],
    search: '  é ',
  };
  expect(filtersFromQuery(queryFromFilters(filters), NONE)).toEqual(filters);
});

test.each(['top=', 'top=abc', 'top=100', 'top=-3', 'top=NaN'])(
  'a tampered threshold (%s) falls back to the default',
  (query) => {
    expect(filtersFromQuery(query, NONE).threshold).toBe('modal-cie');
  },
);
