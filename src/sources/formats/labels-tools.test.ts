import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelFacts } from '#testing/label-facts.ts';
import { DEFAULT_SCHEMA, type Schema } from '#review/schema.ts';
import type { LabelFact } from './label-fact.ts';
import { fiftyOneSamples, parseFiftyOne } from './labels-fiftyone.ts';
import { labelStudioInterface, labelStudioTasks, parseLabelStudio } from './labels-label-studio.ts';
import type { ExportedExample } from './labels-shared.ts';

const example: ExportedExample = {
  id: 'f1',
  trueLabel: 'yes',
  attributes: { 'Young?': 'no' },
  predictions: [
    { population: 'baseline', label: 'yes', share: 0.9 },
    { population: 'pruned-0.9', label: 'no', share: 0.6 },
  ],
};
const fact: LabelFact = {
  exampleId: 'f1',
  reviewer: 'Ana',
  time: '2026-01-01T00:00:00.000Z',
  action: { kind: 'add', label: 'ambiguous' },
  event: { uuid: 'u1', sequence: 1 },
};
const settled: LabelFact = {
  ...fact,
  reviewer: 'Ben',
  action: { kind: 'settle', labels: [] },
  event: { uuid: 'u2', sequence: 2 },
};

const schema: Schema = [
  ...DEFAULT_SCHEMA,
  { id: 'quality', name: 'Quality "q"', place: 4, kind: 'rating', most: 5 },
  {
    id: 'young',
    name: 'Young?',
    place: 5,
    kind: 'attribute',
    attribute: 'Young',
    answers: [
      { id: 'yes', name: 'yes' },
      { id: 'no', name: 'no' },
      { id: 'maybe', name: 'maybe', removed: true },
    ],
  },
  { id: 'why', name: 'Why?', place: 6, kind: 'text' },
];

test.each([
  [
    'Label Studio',
    (examples: readonly ExportedExample[], facts: readonly LabelFact[]) => labelStudioTasks(examples, facts, schema),
    (content: unknown, file: string) => parseLabelStudio(content, file, schema),
  ],
  ['FiftyOne', fiftyOneSamples, parseFiftyOne],
])('%s gives every fact back as it was', (_, write, parse) => {
  fc.assert(
    fc.property(labelFacts, (facts) => {
      const ids = [...new Set(facts.map(({ exampleId }) => exampleId))];
      const content: unknown = JSON.parse(
        write(
          ids.map((id) => ({ ...example, id })),
          facts,
        ),
      );
      const read = parse(content, 'f.json');
      const grouped = ids.flatMap((id) => facts.filter(({ exampleId }) => exampleId === id));
      expect(read).toEqual({ ok: true, value: grouped });
    }),
  );
});

test('a Label Studio task has predictions with scores, one annotation a reviewer and the settled one as ground truth', () => {
  const tasks: unknown = JSON.parse(labelStudioTasks([example], [fact, settled], schema));
  expect(tasks).toMatchObject([
    {
      data: { example_id: 'f1', true_label: 'yes', 'attribute_Young?': 'no' },
      predictions: [
        {
          model_version: 'baseline',
          score: 0.9,
          result: [{ from_name: 'prediction', to_name: 'example', type: 'choices', value: { choices: ['yes'] } }],
        },
        { model_version: 'pruned-0.9', score: 0.6 },
      ],
      annotations: [
        {
          completed_by: { email: 'Ana' },
          ground_truth: false,
          result: [{ from_name: 'review', value: { choices: ['ambiguous'] } }],
        },
        { completed_by: { email: 'Ben' }, ground_truth: true, result: [] },
      ],
    },
  ]);
});

test('what was annotated in Label Studio is read; what was exported is not read twice', () => {
  const [task] = JSON.parse(labelStudioTasks([example], [fact], schema)) as [{ annotations: object[] }];
  const result = [
    { from_name: 'review', to_name: 'example', type: 'choices', value: { choices: ['low-quality', 'ambiguous'] } },
    { from_name: 'note', to_name: 'example', type: 'textarea', value: { text: ['one', 'two'] } },
    { from_name: 'quality', to_name: 'example', type: 'rating', value: { rating: 3 } },
    { from_name: 'young', to_name: 'example', type: 'choices', value: { choices: ['no'] } },
    { from_name: 'why', to_name: 'example', type: 'textarea', value: { text: ['hat'] } },
    { from_name: 'unheard-of', to_name: 'example', type: 'choices', value: { choices: ['x'] } },
  ];
  task.annotations.push({
    id: 1001,
    completed_by: 10,
    created_at: 't',
    was_cancelled: false,
    ground_truth: false,
    result,
  });
  const base = { exampleId: 'f1', reviewer: 'Label Studio 10', time: 't', event: null };
  expect(parseLabelStudio([task], 'f.json', schema)).toEqual({
    ok: true,
    value: [
      fact,
      { ...base, action: { kind: 'add', label: 'low-quality' } },
      { ...base, action: { kind: 'add', label: 'ambiguous' } },
      { ...base, action: { kind: 'note', text: 'one\ntwo' } },
      { ...base, action: { kind: 'add', label: 'quality=3', only: true } },
      { ...base, action: { kind: 'add', label: 'young=no', only: true } },
      { ...base, action: { kind: 'note', text: 'hat', question: 'why' } },
    ],
  });
});

test('the Label Studio interface has one control a question that is asked', () => {
  const xml = labelStudioInterface(schema, [{ id: 'no', name: '<not>' }]);
  expect(xml).toContain('<Choice value="&lt;not&gt;" alias="no"/>');
  expect(xml).toContain(
    '<Header value="Quality &quot;q&quot;"/>\n  <Rating name="quality" toName="example" maxRating="5"/>',
  );
  expect(xml).toContain(
    '<Choices name="review" toName="example" choice="multiple">\n    <Choice value="Wrong label" alias="wrong-label"/>',
  );
  expect(xml).toContain('<Choices name="young" toName="example" choice="single">');
  expect(xml).toContain('<TextArea name="why" toName="example"/>');
  expect(xml).not.toContain('maybe');
});

test('what was answered stands in a Label Studio task under the control of its question', () => {
  const rated: LabelFact = { ...fact, action: { kind: 'add', label: 'quality=3', only: true } };
  const tasks: unknown = JSON.parse(labelStudioTasks([example], [fact, rated], schema));
  expect(tasks).toMatchObject([
    {
      annotations: [
        {
          result: [
            { from_name: 'review', type: 'choices', value: { choices: ['ambiguous'] } },
            { from_name: 'quality', type: 'rating', value: { rating: 3 } },
          ],
        },
      ],
    },
  ]);
});

test('a FiftyOne sample has labels of its own kinds under names that it takes', () => {
  const content: unknown = JSON.parse(fiftyOneSamples([example], [fact]));
  expect(content).toMatchObject({
    samples: [
      {
        filepath: 'data/f1',
        ground_truth: { _cls: 'Classification', label: 'yes' },
        votes_pruned_0_9: { _cls: 'Classification', label: 'no', confidence: 0.6 },
        attribute_Young_: 'no',
        review: {
          _cls: 'Classifications',
          classifications: [{ _cls: 'Classification', label: 'ambiguous', reviewer: 'Ana' }],
        },
      },
    ],
  });
});

test('other files are refused', () => {
  expect(parseLabelStudio({ a: 1 }, 'f.json', schema)).toMatchObject({
    ok: false,
    problem: { message: 'f.json: expected a list of Label Studio tasks.' },
  });
  expect(parseFiftyOne([], 'f.json')).toMatchObject({
    ok: false,
    problem: { message: 'f.json: expected the samples of a FiftyOne dataset.' },
  });
});
