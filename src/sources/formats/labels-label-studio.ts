import { ok, type Result } from '#lib/result.ts';
import type { LabelFact } from './label-fact.ts';
import {
  eventOf,
  factsByExample,
  groupBy,
  isRecord,
  listOf,
  textOf,
  textsOf,
  type ExportedExample,
} from './labels-shared.ts';
import { refuse } from './refusal.ts';

/**
 * Tasks in the Basic Label Studio JSON format (labelstud.io/guide/task_format, labelstud.io/guide/predictions): one a labelled or
 * predicted example. `data` has the example's id, true label and attributes, and `image`, where the person must put the file's
 * address. `predictions` has what each population says most often, its share of votes as score. `annotations` has one entry a
 * reviewer (`choices` "review", `textarea` "note"), and one with `ground_truth` for what was settled. The labelling interface
 * that fits is what `labelStudioInterface` writes. `data.longtail` keeps the facts as they are, so that `parseLabelStudio` gives them back
 * without loss; Label Studio carries `data` along unchanged.
 */
export function labelStudioTasks(examples: readonly ExportedExample[], facts: readonly LabelFact[]): string {
  const tasks = factsByExample(examples, facts).map(([example, own]) => ({
    data: {
      image: '',
      example_id: example.id,
      true_label: example.trueLabel,
      ...prefixed(example.attributes),
      longtail: own.map(({ exampleId: _, ...fact }) => fact),
    },
    predictions: example.predictions.map(({ population, label, share }) => ({
      model_version: population,
      score: share,
      result: [choices('prediction', [label])],
    })),
    annotations: annotationsOf(own),
  }));
  return JSON.stringify(tasks, null, 1);
}

/** The labelling interface of a Label Studio project for these tasks. */
export function labelStudioInterface(classes: readonly string[], labels: readonly string[]): string {
  const escaped = (text: string): string =>
    text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const choice = (value: string): string => `    <Choice value="${escaped(value)}"/>`;
  return [
    '<View>',
    '  <Image name="example" value="$image"/>',
    '  <Choices name="prediction" toName="example" choice="single">',
    ...classes.map(choice),
    '  </Choices>',
    '  <Choices name="review" toName="example" choice="multiple">',
    ...labels.map(choice),
    '  </Choices>',
    '  <TextArea name="note" toName="example"/>',
    '</View>',
    '',
  ].join('\n');
}

const prefixed = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`attribute_${name}`, value]));
const choices = (name: string, values: readonly string[]) => ({
  from_name: name,
  to_name: 'example',
  type: 'choices',
  value: { choices: values },
});

function annotationsOf(facts: readonly LabelFact[]): readonly unknown[] {
  const settled = facts.findLast(({ action }) => action.kind === 'settle');
  const votes = facts.filter(({ action }) => action.kind !== 'settle');
  return [
    ...[...groupBy(votes, ({ reviewer }) => reviewer)].map(([reviewer, own]) => {
      const labels = own.flatMap(({ action }) => (action.kind === 'add' ? [action.label] : []));
      const notes = own.flatMap(({ action }) => (action.kind === 'note' ? [action.text] : []));
      const note = { from_name: 'note', to_name: 'example', type: 'textarea', value: { text: notes } };
      return {
        completed_by: { email: reviewer },
        created_at: own[0]!.time,
        ground_truth: false,
        result: [...(labels.length > 0 ? [choices('review', labels)] : []), ...(notes.length > 0 ? [note] : [])],
      };
    }),
    ...(settled?.action.kind === 'settle'
      ? [
          {
            completed_by: { email: settled.reviewer },
            created_at: settled.time,
            ground_truth: true,
            result: [choices('review', settled.action.labels)],
          },
        ]
      : []),
  ];
}

/**
 * Reads tasks back: the facts of `data.longtail`, and from annotations that were made in Label Studio (those with an `id`, which it
 * gives to each) the choices "review" and the notes. Their reviewer is `completed_by` (e-mail or number). Tasks without
 * `data.example_id` and other results are left out; a file that is not a list of tasks is refused.
 */
export function parseLabelStudio(content: unknown, file: string): Result<readonly LabelFact[]> {
  if (!Array.isArray(content) || !content.every((task) => isRecord(task) && isRecord(task['data']))) {
    return refuse('label-studio', { file }, 'expected a list of Label Studio tasks.');
  }
  return ok(content.filter(isRecord).flatMap(factsOfTask));
}

function factsOfTask(task: Readonly<Record<string, unknown>>): readonly LabelFact[] {
  const data = isRecord(task['data']) ? task['data'] : {};
  const exampleId = textOf(data['example_id']);
  if (exampleId === '') return [];
  const kept = listOf(data['longtail']).flatMap((one): readonly LabelFact[] => {
    if (!isRecord(one) || !isRecord(one['action']) || textOf(one['reviewer']) === '') return [];
    const { kind, label, text, labels } = one['action'];
    const base = {
      exampleId,
      reviewer: textOf(one['reviewer']),
      time: textOf(one['time']),
      event: eventOf(one['event']),
    };
    if (kind === 'add') return [{ ...base, action: { kind, label: textOf(label) } }];
    if (kind === 'note') return [{ ...base, action: { kind, text: textOf(text) } }];
    return kind === 'settle' ? [{ ...base, action: { kind, labels: textsOf(labels) } }] : [];
  });
  const added = listOf(task['annotations']).flatMap((one) =>
    isRecord(one) && 'id' in one && one['was_cancelled'] !== true ? factsOfAnnotation(exampleId, one) : [],
  );
  return [...kept, ...added];
}

function factsOfAnnotation(exampleId: string, annotation: Readonly<Record<string, unknown>>): readonly LabelFact[] {
  const by = annotation['completed_by'];
  const email = isRecord(by) ? textOf(by['email']) : '';
  const reviewer = email !== '' ? email : `Label Studio ${typeof by === 'number' ? String(by) : 'reviewer'}`;
  const base = { exampleId, reviewer, time: textOf(annotation['created_at']), event: null };
  const settles = annotation['ground_truth'] === true;
  return listOf(annotation['result']).flatMap((result): readonly LabelFact[] => {
    if (!isRecord(result) || !isRecord(result['value'])) return [];
    const given = textsOf(result['value']['choices']);
    if (result['from_name'] === 'review' && settles) return [{ ...base, action: { kind: 'settle', labels: given } }];
    if (result['from_name'] === 'review') return given.map((label) => ({ ...base, action: { kind: 'add', label } }));
    if (result['from_name'] !== 'note' || settles) return [];
    const text = textsOf(result['value']['text']).join('\n');
    return text === '' ? [] : [{ ...base, action: { kind: 'note', text } }];
  });
}
