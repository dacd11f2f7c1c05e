import { askedQuestions, isExclusive, labelOf, questionOf, WRONG_LABEL, type Schema } from './schema.ts';

/** What one answer does to the labels of an example. */
export interface Step {
  readonly kind: 'add' | 'remove';
  readonly label: string;
  /** It takes the place of the other answers to its question. */
  readonly only?: true;
}

/** The classes of the audit and which of them the data call the example; null where that is not known. */
export interface Truth {
  readonly classes: readonly string[];
  readonly delivered: string;
}

/**
 * Gives the label to an example that has `own`, or takes it away where it has it. "Wrong label" and the right label go together
 * where both are asked: with two classes the other one is the right one and is written down with it; a right label that is
 * not the delivered one says that this is wrong; without "wrong label" there is no right one.
 */
export function answering(schema: Schema, own: readonly string[], label: string, truth: Truth | null): readonly Step[] {
  const right = askedQuestions(schema).find(({ kind }) => kind === 'true-label');
  const rightGiven = right === undefined ? [] : own.filter((one) => questionOf(one) === right.id);
  const remove = (one: string): Step => ({ kind: 'remove', label: one });
  const add = (one: string): Step => {
    const question = schema.find(({ id }) => id === questionOf(one));
    return { kind: 'add', label: one, ...(question && isExclusive(question) ? { only: true as const } : {}) };
  };
  if (own.includes(label)) return [remove(label), ...(label === WRONG_LABEL ? rightGiven.map(remove) : [])];
  const steps = [add(label)];
  if (right === undefined || truth === null) return steps;
  if (label === WRONG_LABEL && truth.classes.length === 2 && rightGiven.length === 0) {
    const other = truth.classes.find((one) => one !== truth.delivered);
    if (other !== undefined) steps.push(add(labelOf(right.id, other)));
  }
  if (questionOf(label) === right.id && asksWrongLabel(schema)) {
    const isDelivered = label === labelOf(right.id, truth.delivered);
    if (isDelivered && own.includes(WRONG_LABEL)) steps.push(remove(WRONG_LABEL));
    if (!isDelivered && !own.includes(WRONG_LABEL)) steps.push(add(WRONG_LABEL));
  }
  return steps;
}

const asksWrongLabel = (schema: Schema): boolean =>
  askedQuestions(schema).some(
    (question) => 'answers' in question && question.answers.some(({ id }) => labelOf(question.id, id) === WRONG_LABEL),
  );

/** Whether an example was given an answer to every question that has a choice; the right label only after "wrong label". */
export function isComplete(schema: Schema, own: readonly string[]): boolean {
  const answered = new Set(own.map(questionOf));
  return askedQuestions(schema).every(
    ({ id, kind }) => kind === 'text' || (kind === 'true-label' && !asksRightLabel(schema, own)) || answered.has(id),
  );
}

/** Whether the question for the right label is to be shown: after "wrong label", or where nobody is asked for that. */
export function asksRightLabel(schema: Schema, own: readonly string[]): boolean {
  return !asksWrongLabel(schema) || own.includes(WRONG_LABEL);
}

/** Labels after these steps, as a replay of the log would give them. */
export function applied(own: readonly string[], steps: readonly Step[]): readonly string[] {
  return steps.reduce((labels: readonly string[], { kind, label, only }) => {
    const rest = labels.filter((one) => one !== label && !(only === true && questionOf(one) === questionOf(label)));
    return kind === 'add' ? [...rest, label] : rest;
  }, own);
}
