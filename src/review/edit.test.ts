import { expect, test } from 'vitest';
import { addAnswer, changeAnswer, draftProblem, moved, newQuestion, withRemoved } from './edit.ts';
import { DEFAULT_SCHEMA, inPlace, labelWords, parseQuestion, type ReviewQuestion } from './schema.ts';

const quality = newQuestion(DEFAULT_SCHEMA, {
  kind: 'single',
  name: ' Image quality? ',
  answers: ['Good', '', 'Bad ', 'None'],
});

test('a new question stands last, with ids that say what it is and that nothing else has', () => {
  expect(quality).toEqual({
    id: 'image-quality',
    name: 'Image quality?',
    place: 3,
    kind: 'single',
    answers: [
      { id: 'good', name: 'Good' },
      { id: 'bad', name: 'Bad' },
      { id: 'none-2', name: 'None' },
    ],
  });
  const again = newQuestion([...DEFAULT_SCHEMA, withRemoved(quality, true)], { kind: 'text', name: 'Image quality' });
  expect(again.id).toBe('image-quality-2');
  expect(newQuestion([], { kind: 'text', name: 'Prediction' }).id).toBe('prediction-2');
  expect(newQuestion([], { kind: 'text', name: '良い？' }).id).toBe('answer');
});

test('an attribute keeps its values as they are', () => {
  const asked = newQuestion(DEFAULT_SCHEMA, {
    kind: 'attribute',
    name: 'Young?',
    attribute: 'Young',
    answers: ['Yes', 'no'],
  });
  expect(asked).toMatchObject({ attribute: 'Young', answers: [{ id: 'Yes' }, { id: 'no' }] });
  expect(addAnswer(asked, 'not sure')).toMatchObject({ answers: [{}, {}, { id: 'not sure', name: 'not sure' }] });
  expect(draftProblem([asked], { kind: 'attribute', name: 'Again', attribute: 'Young ', answers: ['a', 'b'] })).toBe(
    '“Young” is asked for already.',
  );
});

test.each([
  [{ kind: 'text', name: ' ' }, 'The question has no name.'],
  [{ kind: 'single', name: 'Q', answers: ['one', ' '] }, 'A choice needs two answers or more, one a line.'],
  [{ kind: 'several', name: 'Q', answers: ['one', 'one '] }, 'Two answers have the same name.'],
  [{ kind: 'rating', name: 'Q', most: 5 }, null],
] as const)('a draft %j is judged', (draft, problem) => {
  expect(draftProblem(DEFAULT_SCHEMA, draft)).toBe(problem);
});

test('a renamed answer keeps its labels, a removed one says so, and asking again brings it back', () => {
  const renamed = changeAnswer(quality, 'bad', { name: 'Blurred' });
  expect(labelWords([renamed], 'image-quality=bad', [])).toBe('Image quality? Blurred');
  const removed = changeAnswer(renamed, 'bad', { removed: true });
  expect(labelWords([removed], 'image-quality=bad', [])).toBe('Image quality? Blurred (no longer asked)');
  expect(addAnswer(removed, 'Blurred')).toEqual(renamed);
  expect(labelWords([withRemoved(renamed, true)], 'image-quality=good', [])).toBe(
    'Image quality? Good (no longer asked)',
  );
  expect(labelWords([], 'odd=x', [])).toBe('odd: x (not asked here)');
  expect(labelWords(DEFAULT_SCHEMA, 'ambiguous', [])).toBe('Ambiguous');
});

test('questions change places, also where two share one', () => {
  const order = (questions: readonly ReviewQuestion[]) => inPlace(questions).map(({ id }) => id);
  const all = inPlace([...DEFAULT_SCHEMA, quality]);
  expect(order(all)).toEqual(['review', 'true-label', 'image-quality', 'note']);
  expect(order([...all, ...moved(all, 'image-quality', -1)])).toEqual([
    'review',
    'image-quality',
    'true-label',
    'note',
  ]);
  expect(moved(all, 'review', -1)).toEqual([]);
  const same = inPlace([...DEFAULT_SCHEMA, { ...quality, place: 2 }]);
  expect(order(same)).toEqual(['review', 'image-quality', 'true-label', 'note']);
  for (const [id, by] of [
    ['true-label', -1],
    ['image-quality', 1],
  ] as const) {
    expect(order([...same, ...moved(same, id, by)])).toEqual(['review', 'true-label', 'image-quality', 'note']);
  }
});

test('every question comes back from JSON as it was; what is none is refused', () => {
  for (const question of [...DEFAULT_SCHEMA, changeAnswer(quality, 'bad', { removed: true, hard: true })]) {
    expect(parseQuestion(JSON.parse(JSON.stringify(question)))).toEqual(question);
  }
  for (const bad of [
    null,
    {},
    { ...quality, id: 'A b' },
    { ...quality, answers: [{ id: 1 }] },
    { ...quality, kind: 'x' },
  ]) {
    expect(parseQuestion(bad)).toBeNull();
  }
  expect(parseQuestion({ id: 'r', name: 'R', place: 1, kind: 'rating', most: 99 })).toBeNull();
});
