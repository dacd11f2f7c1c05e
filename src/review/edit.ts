import { NO_LABEL_ID, NOTE, type Answer, type ReviewQuestion, type Schema } from './schema.ts';

/** A name as an id: "Image quality?" is "image-quality". Other letters than a to z are left out; "answer" where nothing is left. */
function slug(name: string): string {
  const text = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return text === '' ? 'answer' : text;
}

function freshId(name: string, taken: readonly string[]): string {
  const first = slug(name);
  for (let i = 1; ; i++) {
    const id = i === 1 ? first : `${first}-${String(i)}`;
    if (!taken.includes(id)) return id;
  }
}

/** Names that the exports give to something else. */
const OTHER_CONTROLS = ['prediction', 'example'];

/** What a new question is made of; `answers` are names, or values of the attribute. */
export type QuestionDraft = { readonly name: string } & (
  | { readonly kind: 'single' | 'several'; readonly answers: readonly string[] }
  | { readonly kind: 'rating'; readonly most: number }
  | { readonly kind: 'text' }
  | { readonly kind: 'attribute'; readonly attribute: string; readonly answers: readonly string[] }
);

/** Why a draft cannot be asked, in one sentence; null where it can. */
export function draftProblem(schema: Schema, draft: QuestionDraft): string | null {
  if (draft.name.trim() === '') return 'The question has no name.';
  if ('answers' in draft) {
    const names = cleaned(draft.answers);
    if (names.length < 2) return 'A choice needs two answers or more, one a line.';
    if (new Set(names).size < names.length) return 'Two answers have the same name.';
  }
  if (draft.kind === 'attribute') {
    const attribute = draft.attribute.trim();
    if (attribute === '') return 'The attribute has no name.';
    if (schema.some((one) => one.kind === 'attribute' && one.attribute === attribute && one.removed !== true)) {
      return `“${attribute}” is asked for already.`;
    }
  }
  return null;
}

const cleaned = (names: readonly string[]): readonly string[] =>
  names.map((name) => name.trim()).filter((name) => name !== '');

/** A question to ask after the others, before the usual note, with an id that no other one had. */
export function newQuestion(schema: Schema, draft: QuestionDraft): ReviewQuestion {
  const base = {
    id: freshId(draft.name, [...OTHER_CONTROLS, ...schema.map(({ id }) => id)]),
    name: draft.name.trim(),
    place: Math.max(0, ...schema.flatMap(({ id, place }) => (id === NOTE ? [] : [place]))) + 1,
  };
  switch (draft.kind) {
    case 'single':
    case 'several':
      return { ...base, kind: draft.kind, answers: cleaned(draft.answers).reduce(withAnswer, []) };
    case 'attribute':
      return {
        ...base,
        kind: 'attribute',
        attribute: draft.attribute.trim(),
        answers: cleaned(draft.answers).map((value) => ({ id: value, name: value })),
      };
    case 'rating':
      return { ...base, kind: 'rating', most: draft.most };
    case 'text':
      return { ...base, kind: 'text' };
    default:
      return draft satisfies never;
  }
}

const withAnswer = (answers: readonly Answer[], name: string): readonly Answer[] => [
  ...answers,
  { id: freshId(name, [NO_LABEL_ID, ...answers.map(({ id }) => id)]), name },
];

/** The question with one more answer; as it is where that has no name, or that of another. */
export function addAnswer(question: ReviewQuestion, name: string): ReviewQuestion {
  const text = name.trim();
  if (!('answers' in question) || text === '') return question;
  const same = question.answers.find((one) => one.name === text);
  if (same) return same.removed === true ? changeAnswer(question, same.id, { removed: false }) : question;
  if (question.kind !== 'attribute') return { ...question, answers: withAnswer(question.answers, text) };
  return { ...question, answers: [...question.answers, { id: text, name: text }] };
}

/** The question with another name of an answer, with it removed or asked again, or counted as hard to judge or not. */
export function changeAnswer(
  question: ReviewQuestion,
  id: string,
  change: { readonly name?: string; readonly removed?: boolean; readonly hard?: boolean },
): ReviewQuestion {
  if (!('answers' in question)) return question;
  const answers = question.answers.map((answer): Answer => {
    if (answer.id !== id) return answer;
    const { name, hard = answer.hard === true, removed = answer.removed === true } = { ...answer, ...change };
    return {
      id,
      name: name.trim() === '' ? answer.name : name.trim(),
      ...(hard ? { hard: true as const } : {}),
      ...(removed ? { removed: true as const } : {}),
    };
  });
  return { ...question, answers };
}

/** The question not asked any more, or asked again. */
export function withRemoved(question: ReviewQuestion, isRemoved: boolean): ReviewQuestion {
  const { removed: _, ...rest } = question;
  return isRemoved ? { ...rest, removed: true } : rest;
}

/** The question and the one asked before or after it, their places changed; none where there is no such one. */
export function moved(schema: Schema, id: string, by: -1 | 1): readonly ReviewQuestion[] {
  const asked = schema.filter(({ removed }) => removed !== true);
  const at = asked.findIndex((one) => one.id === id);
  const [one, other] = [asked[at], asked[at + by]];
  if (!one || !other) return [];
  // Questions of merged logs can share a place.
  const apart = one.place === other.place ? by * 0.5 : 0;
  return [
    { ...one, place: other.place + apart },
    { ...other, place: one.place },
  ];
}
