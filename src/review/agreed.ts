import { questionOf, REVIEW, TRUE_LABEL_QUESTION, WRONG_LABEL } from './schema.ts';

/** What several reviewers say of one example. */
export interface Agreed {
  /** The answers to each question that all who answered it gave alike. */
  readonly labels: readonly string[];
  /** Questions that were answered differently. */
  readonly disputed: readonly string[];
}

/**
 * Sets the labels of several reviewers for one example against each other, question by question. Who judged the example and
 * did not call its label wrong disputes every other right label.
 */
export function agreedOn(given: readonly (readonly string[])[]): Agreed {
  const labels: string[] = [];
  const disputed: string[] = [];
  for (const question of new Set(given.flat().map(questionOf))) {
    const said = given
      .map((own) => own.filter((label) => questionOf(label) === question))
      .filter((own) => own.length > 0);
    const first = said[0]!;
    const isSame = said.every((own) => own.length === first.length && own.every((label) => first.includes(label)));
    if (isSame && !(question === TRUE_LABEL_QUESTION && contested(given))) labels.push(...first);
    else disputed.push(question);
  }
  return { labels, disputed };
}

/** Whether one calls the label wrong and another one, who judged the example too, does not. */
const contested = (given: readonly (readonly string[])[]): boolean =>
  given.some((own) => own.includes(WRONG_LABEL)) &&
  given.some((own) => own.some((label) => questionOf(label) === REVIEW) && !own.includes(WRONG_LABEL));
