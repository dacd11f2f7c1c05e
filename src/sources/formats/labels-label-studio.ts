import { ok, type Result } from '#lib/result.ts';
import {
  answersOf,
  askedQuestions,
  isExclusive,
  labelOf,
  NOTE,
  partsOf,
  questionOf,
  type Answer,
  type ReviewQuestion,
  type Schema,
} from '#review/schema.ts';
import type { LabelFact } from './label-fact.ts';
import {
  actionOf,
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
 * reviewer, with a result for each question that was answered, and one with `ground_truth` for what was settled. The labelling interface
 * that fits is what `labelStudioInterface` writes. `data.longtail` keeps the facts as they are, so that `parseLabelStudio` gives them back
 * without loss; Label Studio carries `data` along unchanged.
 */
export function labelStudioTasks(
  examples: readonly ExportedExample[],
  facts: readonly LabelFact[],
  schema: Schema,
): string {
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
      result: [result(PREDICTION, 'choices', { choices: [label] })],
    })),
    annotations: annotationsOf(own, schema),
  }));
  return JSON.stringify(tasks, null, 1);
}

/** Names of controls that are not questions. */
const PREDICTION = 'prediction';
const EXAMPLE = 'example';

/**
 * The labelling interface of a Label Studio project for these tasks: one control a question that is asked, named after its id
 * (Choices, Rating or TextArea), its answers under their names with their ids as aliases, which is what annotations then hold.
 */
export function labelStudioInterface(schema: Schema, classes: readonly Answer[]): string {
  return [
    '<View>',
    `  <Image name="${EXAMPLE}" value="$image"/>`,
    ...choicesTag(PREDICTION, 'single', classes),
    ...askedQuestions(schema).flatMap((question) => [
      `  <Header value="${escaped(question.name)}"/>`,
      ...controlOf(question, classes),
    ]),
    '</View>',
    '',
  ].join('\n');
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function choicesTag(name: string, choice: 'single' | 'multiple', answers: readonly Answer[]): readonly string[] {
  return [
    `  <Choices name="${name}" toName="${EXAMPLE}" choice="${choice}">`,
    ...answers.map(({ id, name: value }) => `    <Choice value="${escaped(value)}" alias="${escaped(id)}"/>`),
    '  </Choices>',
  ];
}

function controlOf(question: ReviewQuestion, classes: readonly Answer[]): readonly string[] {
  switch (question.kind) {
    case 'rating':
      return [`  <Rating name="${question.id}" toName="${EXAMPLE}" maxRating="${String(question.most)}"/>`];
    case 'text':
      return [`  <TextArea name="${question.id}" toName="${EXAMPLE}"/>`];
    case 'several':
      return choicesTag(question.id, 'multiple', question.answers);
    case 'single':
    case 'attribute':
    case 'true-label':
      return choicesTag(question.id, 'single', answersOf(question, classes));
    default:
      return question satisfies never;
  }
}

const prefixed = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`attribute_${name}`, value]));
const result = (name: string, type: 'choices' | 'rating' | 'textarea', value: object) => ({
  from_name: name,
  to_name: EXAMPLE,
  type,
  value,
});

/** Labels as results: the answers to each question together; those to questions that are gone as choices. */
function labelResults(labels: readonly string[], schema: Schema): readonly object[] {
  const questions = [...new Set(labels.map(questionOf))];
  return questions.map((id) => {
    const answers = labels.map(partsOf).flatMap(({ question, answer }) => (question === id ? [answer] : []));
    return schema.find((one) => one.id === id)?.kind === 'rating'
      ? result(id, 'rating', { rating: Number(answers[0]) })
      : result(id, 'choices', { choices: answers });
  });
}

function annotationsOf(facts: readonly LabelFact[], schema: Schema): readonly unknown[] {
  const settled = facts.findLast(({ action }) => action.kind === 'settle');
  const votes = facts.filter(({ action }) => action.kind !== 'settle');
  return [
    ...[...groupBy(votes, ({ reviewer }) => reviewer)].map(([reviewer, own]) => ({
      completed_by: { email: reviewer },
      created_at: own[0]!.time,
      ground_truth: false,
      result: [
        ...labelResults(
          own.flatMap(({ action }) => (action.kind === 'add' ? [action.label] : [])),
          schema,
        ),
        ...own.flatMap(({ action }) =>
          action.kind === 'note' ? [result(action.question ?? NOTE, 'textarea', { text: [action.text] })] : [],
        ),
      ],
    })),
    ...(settled?.action.kind === 'settle'
      ? [
          {
            completed_by: { email: settled.reviewer },
            created_at: settled.time,
            ground_truth: true,
            result: labelResults(settled.action.labels, schema),
          },
        ]
      : []),
  ];
}

/**
 * Reads tasks back: the facts of `data.longtail`, and from annotations that were made in Label Studio (those with an `id`, which it
 * gives to each) the answers to questions of the schema. Their reviewer is `completed_by` (e-mail or number); one with
 * `ground_truth` is what was settled. Tasks without `data.example_id` and other results are left out; a file that is not a list
 * of tasks is refused.
 */
export function parseLabelStudio(content: unknown, file: string, schema: Schema): Result<readonly LabelFact[]> {
  if (!Array.isArray(content) || !content.every((task) => isRecord(task) && isRecord(task['data']))) {
    return refuse('label-studio', { file }, 'expected a list of Label Studio tasks.');
  }
  return ok(content.filter(isRecord).flatMap((task) => factsOfTask(task, schema)));
}

function factsOfTask(task: Readonly<Record<string, unknown>>, schema: Schema): readonly LabelFact[] {
  const data = isRecord(task['data']) ? task['data'] : {};
  const exampleId = textOf(data['example_id']);
  if (exampleId === '') return [];
  const kept = listOf(data['longtail']).flatMap((one): readonly LabelFact[] => {
    const action = isRecord(one) ? actionOf(one['action']) : null;
    if (!isRecord(one) || action === null || textOf(one['reviewer']) === '') return [];
    const [reviewer, time] = [textOf(one['reviewer']), textOf(one['time'])];
    return [{ exampleId, reviewer, time, action, event: eventOf(one['event']) }];
  });
  const added = listOf(task['annotations']).flatMap((one) =>
    isRecord(one) && 'id' in one && one['was_cancelled'] !== true ? factsOfAnnotation(exampleId, one, schema) : [],
  );
  return [...kept, ...added];
}

function factsOfAnnotation(
  exampleId: string,
  annotation: Readonly<Record<string, unknown>>,
  schema: Schema,
): readonly LabelFact[] {
  const by = annotation['completed_by'];
  const email = isRecord(by) ? textOf(by['email']) : '';
  const reviewer = email !== '' ? email : `Label Studio ${typeof by === 'number' ? String(by) : 'reviewer'}`;
  const base = { exampleId, reviewer, time: textOf(annotation['created_at']), event: null };
  const given = listOf(annotation['result']).flatMap((one): readonly LabelFact['action'][] => {
    const question = isRecord(one) ? schema.find(({ id }) => id === one['from_name']) : undefined;
    return question && isRecord(one) && isRecord(one['value']) ? actionsOf(question, one['value']) : [];
  });
  if (annotation['ground_truth'] === true) {
    const labels = given.flatMap((action) => (action.kind === 'add' ? [action.label] : []));
    return [{ ...base, action: { kind: 'settle', labels } }];
  }
  return given.map((action) => ({ ...base, action }));
}

function actionsOf(question: ReviewQuestion, value: Readonly<Record<string, unknown>>): readonly LabelFact['action'][] {
  if (question.kind === 'text') {
    const text = textsOf(value['text']).join('\n');
    return text === '' ? [] : [{ kind: 'note', text, ...(question.id === NOTE ? {} : { question: question.id }) }];
  }
  const answers = question.kind === 'rating' ? [value['rating']].map(String) : textsOf(value['choices']);
  return answers.map((answer) => ({
    kind: 'add',
    label: labelOf(question.id, answer),
    ...(isExclusive(question) ? { only: true as const } : {}),
  }));
}
