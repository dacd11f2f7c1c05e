import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelFacts } from '#testing/label-facts.ts';
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

test.each([
  ['Label Studio', labelStudioTasks, parseLabelStudio],
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
  const tasks: unknown = JSON.parse(labelStudioTasks([example], [fact, settled]));
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
        { completed_by: { email: 'Ben' }, ground_truth: true, result: [{ value: { choices: [] } }] },
      ],
    },
  ]);
  expect(labelStudioInterface(['<no>'], ['a"b'])).toContain('<Choice value="&lt;no&gt;"/>');
});

test('what was annotated in Label Studio is read; what was exported is not read twice', () => {
  const [task] = JSON.parse(labelStudioTasks([example], [fact])) as [{ annotations: object[] }];
  const result = [
    { from_name: 'review', to_name: 'example', type: 'choices', value: { choices: ['low-quality', 'ambiguous'] } },
    { from_name: 'note', to_name: 'example', type: 'textarea', value: { text: ['one', 'two'] } },
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
  expect(parseLabelStudio([task], 'f.json')).toEqual({
    ok: true,
    value: [
      fact,
      { ...base, action: { kind: 'add', label: 'low-quality' } },
      { ...base, action: { kind: 'add', label: 'ambiguous' } },
      { ...base, action: { kind: 'note', text: 'one\ntwo' } },
    ],
  });
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
  expect(parseLabelStudio({ a: 1 }, 'f.json')).toMatchObject({
    ok: false,
    problem: { message: 'f.json: expected a list of Label Studio tasks.' },
  });
  expect(parseFiftyOne([], 'f.json')).toMatchObject({
    ok: false,
    problem: { message: 'f.json: expected the samples of a FiftyOne dataset.' },
  });
});
