import { expect, test } from 'vitest';
import { filtersFromQuery, galleryFromQuery, queryFromFilters, queryFromGallery } from './gallery-query.ts';
import type { GalleryFilters } from './state.ts';

const NONE: GalleryFilters = {
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

test('filters come back from their own query, also with hostile names', () => {
  const filters: GalleryFilters = {
    level: 'pruned-0.95',
    threshold: 97.5,
    trueClasses: ['a&b=c', '<img onerror=1>'],
    scores: [0.35, 2],
    baselineLabels: ['blond', 'not blond'],
    compressedLabels: ['a..b'],
    changes: ['blond→not blond'],
    attributes: { 'Skin tone': ['dark', 'light'], __proto__x: ['1'] },
    reviewLabels: ['none'],
    reviewers: ['Ana', 'B & C'],
    only: ['face-1', 'a,b&c'],
    search: '  é ',
    order: 'id',
    beside: true,
  };
  expect(filtersFromQuery(queryFromFilters(filters), NONE)).toEqual(filters);
});

test.each(['top=', 'top=abc', 'top=100', 'top=-3', 'top=NaN'])(
  'a tampered threshold (%s) falls back to the default',
  (query) => {
    expect(filtersFromQuery(query, NONE).threshold).toBe('modal-cie');
  },
);

test.each(['scores=', 'scores=1', 'scores=1..1', 'scores=1..3', 'scores=a..b', 'scores=..', 'scores=0..1..2'])(
  'tampered scores (%s) are no filter',
  (query) => {
    expect(filtersFromQuery(query, NONE).scores).toBeNull();
  },
);

test('the example in hand and the large view come back too', () => {
  const state = { filters: NONE, selected: 'f&1', large: true };
  expect(galleryFromQuery(queryFromGallery(state), NONE)).toEqual(state);
});
