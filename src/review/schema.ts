/** What reviewers are asked about an example, and how an answer stands in the log of labels. */

/** One answer that may be chosen. */
export interface Answer {
  /** Never changes once it is given: "wrong-label"; of an attribute the value itself. */
  readonly id: string;
  readonly name: string; // Wrong label
  /** It says that the example is hard to judge, whoever looks at it. */
  readonly hard?: true;
  /** Not offered any more; what was answered with it stays. */
  readonly removed?: true;
}

export type ReviewQuestion = {
  /** Never changes: lower-case letters, digits and hyphens. */
  readonly id: string;
  readonly name: string; // What do you see?
  /** Questions stand in this order, ties by id. */
  readonly place: number;
  /** Not asked any more; its answers stay. */
  readonly removed?: true;
} & (
  | { readonly kind: 'single' | 'several'; readonly answers: readonly Answer[] }
  /** 1 to `most`. */
  | { readonly kind: 'rating'; readonly most: number }
  /** Free text. */
  | { readonly kind: 'text' }
  /** Which value of an attribute the example has; the attribute may be one that the data lack. */
  | { readonly kind: 'attribute'; readonly attribute: string; readonly answers: readonly Answer[] }
  /** Which of the classes is right. */
  | { readonly kind: 'true-label' }
);
/** Every question that was ever asked in an audit, in its order. */
export type Schema = readonly ReviewQuestion[];

export const MOST_RATING = 9;
export const LEAST_RATING = 2;

/** The question whose answers stand in the log without its id. */
export const REVIEW = 'review';
export const TRUE_LABEL_QUESTION = 'true-label';
export const NOTE = 'note';
export const WRONG_LABEL = 'wrong-label';
/** Stands for "no label" in filters: no answer has this id. */
export const NO_LABEL_ID = 'none';

/** What every audit starts with. */
export const DEFAULT_SCHEMA: Schema = [
  {
    id: REVIEW,
    name: 'What do you see?',
    place: 1,
    kind: 'several',
    answers: [
      { id: WRONG_LABEL, name: 'Wrong label' },
      { id: 'ambiguous', name: 'Ambiguous', hard: true },
      { id: 'several-objects', name: 'Several objects', hard: true },
      { id: 'low-quality', name: 'Low quality', hard: true },
      { id: 'unusual-but-right', name: 'Unusual but right' },
      { id: 'none-of-these', name: 'None of these' },
    ],
  },
  { id: TRUE_LABEL_QUESTION, name: 'Right label', place: 2, kind: 'true-label' },
  { id: NOTE, name: 'Note', place: 1000, kind: 'text' },
];

/** An answer as a label of the log. The answers to the first question are labels by themselves: "wrong-label", "quality=3". */
export const labelOf = (question: string, answer: string): string =>
  question === REVIEW ? answer : `${question}=${answer}`;

/** The question and the answer of a label. */
export function partsOf(label: string): { readonly question: string; readonly answer: string } {
  const at = label.indexOf('=');
  return at < 0 ? { question: REVIEW, answer: label } : { question: label.slice(0, at), answer: label.slice(at + 1) };
}
export const questionOf = (label: string): string => partsOf(label).question;

/** Whether one answer takes the place of another. */
export const isExclusive = ({ kind }: ReviewQuestion): boolean => kind !== 'several';

/** Every answer of a question, removed ones too. `classes` are those of the audit, as answers. Free text has none. */
export function answersOf(question: ReviewQuestion, classes: readonly Answer[]): readonly Answer[] {
  switch (question.kind) {
    case 'single':
    case 'several':
    case 'attribute':
      return question.answers;
    case 'rating':
      return Array.from({ length: question.most }, (_, i) => ({ id: String(i + 1), name: String(i + 1) }));
    case 'true-label':
      return classes;
    case 'text':
      return [];
    default:
      return question satisfies never;
  }
}

/** The questions that are asked, without answers that were removed. */
export const askedQuestions = (schema: Schema): Schema =>
  schema.flatMap((question): Schema => {
    if (question.removed) return [];
    return 'answers' in question
      ? [{ ...question, answers: question.answers.filter(({ removed }) => removed !== true) }]
      : [question];
  });

/** Questions by their place. Of one id the last counts. */
export function inPlace(questions: Iterable<ReviewQuestion>): Schema {
  const byId = new Map([...questions].map((question) => [question.id, question]));
  return [...byId.values()].sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1));
}

/** Labels that say the example is hard to judge. */
export const hardLabels = (schema: Schema): readonly string[] =>
  schema.flatMap((question) =>
    'answers' in question
      ? question.answers.filter(({ hard }) => hard === true).map(({ id }) => labelOf(question.id, id))
      : [],
  );

/** What a label is called, with a remark where it cannot be given (any more). A label that no question knows goes by its id. */
export function labelWords(schema: Schema, label: string, classes: readonly Answer[]): string {
  const { question: id, answer } = partsOf(label);
  const question = schema.find((one) => one.id === id);
  const found = question && answersOf(question, classes).find((one) => one.id === answer);
  const said = found?.name ?? answer;
  const asked = question?.name ?? id;
  const name = id === REVIEW ? said : `${asked}${/[?.:!]$/.test(asked) ? '' : ':'} ${said}`;
  if (found === undefined) return `${name} (not asked here)`;
  return found.removed === true || question?.removed === true ? `${name} (no longer asked)` : name;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A question as a file has it; null where it is none. Fields that it does not know are left out. */
export function parseQuestion(value: unknown): ReviewQuestion | null {
  if (!isRecord(value)) return null;
  const { id, name, place, removed, kind, answers, most, attribute } = value;
  if (!isText(id) || !/^[a-z0-9-]+$/.test(id) || !isText(name) || typeof place !== 'number') return null;
  const base = { id, name, place, ...(removed === true ? { removed: true as const } : {}) };
  switch (kind) {
    case 'single':
    case 'several': {
      const parsed = parseAnswers(answers);
      return parsed && { ...base, kind, answers: parsed };
    }
    case 'attribute': {
      const parsed = parseAnswers(answers);
      return parsed && isText(attribute) ? { ...base, kind, attribute, answers: parsed } : null;
    }
    case 'rating':
      return Number.isInteger(most) && Number(most) >= LEAST_RATING && Number(most) <= MOST_RATING
        ? { ...base, kind, most: Number(most) }
        : null;
    case 'text':
    case 'true-label':
      return { ...base, kind };
    default:
      return null;
  }
}

function parseAnswers(value: unknown): readonly Answer[] | null {
  if (!Array.isArray(value)) return null;
  const answers = value.map((one: unknown): Answer | null => {
    if (!isRecord(one) || !isText(one['id']) || !isText(one['name'])) return null;
    return {
      id: one['id'],
      name: one['name'],
      ...(one['hard'] === true ? { hard: true as const } : {}),
      ...(one['removed'] === true ? { removed: true as const } : {}),
    };
  });
  return answers.every((one) => one !== null) ? answers : null;
}
