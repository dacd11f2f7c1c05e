import { answersOf, askedQuestions, labelOf, type Answer, type ReviewQuestion, type Schema } from './schema.ts';

/** Keys of the app that no answer can have, with what they do. */
const RESERVED: Readonly<Record<string, string>> = {
  z: 'takes the last label back',
  y: 'gives it again',
  n: 'opens the note',
  u: 'goes to the next without a label',
  '?': 'shows the keys',
  '[': 'goes to the level before',
  ']': 'goes to the level after',
  ' ': 'shows the example large',
};
/** The keys of the taxonomy that every audit starts with. */
const USUAL: Readonly<Record<string, string>> = {
  'wrong-label': '1',
  ambiguous: '2',
  'several-objects': '3',
  'low-quality': '4',
  'unusual-but-right': '5',
  'none-of-these': '0',
};
const POOL = [...'1234567890qwertasdfgxcvbiophjklm'].filter((key) => !(key in RESERVED));

/** One answer that is asked for, with its label of the log and its key; null where the keys have run out. */
export interface AskedAnswer extends Answer {
  readonly label: string;
  readonly key: string | null;
}
export interface AskedQuestion {
  readonly question: ReviewQuestion;
  readonly answers: readonly AskedAnswer[];
}

/**
 * The questions that are asked with their answers and keys: first the reviewer's own keys (label to key), then the usual ones,
 * then the free ones in the order of the answers. No two answers have one key.
 */
export function askedWithKeys(
  schema: Schema,
  classes: readonly Answer[],
  own: Readonly<Record<string, string>>,
): readonly AskedQuestion[] {
  const asked = askedQuestions(schema).map((question) => ({
    question,
    answers: answersOf(question, classes).map((answer) => ({ ...answer, label: labelOf(question.id, answer.id) })),
  }));
  const labels = asked.flatMap(({ answers }) => answers.map(({ label }) => label));
  const keys = new Map<string, string>();
  const taken = new Set<string>(Object.keys(RESERVED));
  const give = (label: string, key: string | undefined): void => {
    if (key === undefined || keys.has(label) || taken.has(key)) return;
    keys.set(label, key);
    taken.add(key);
  };
  for (const label of labels) if (Object.hasOwn(own, label)) give(label, own[label]);
  for (const label of labels) if (Object.hasOwn(USUAL, label)) give(label, USUAL[label]);
  for (const label of labels)
    give(
      label,
      POOL.find((key) => !taken.has(key)),
    );
  return asked.map(({ question, answers }) => ({
    question,
    answers: answers.map((answer) => ({ ...answer, key: keys.get(answer.label) ?? null })),
  }));
}

/** Why an answer cannot have this key (one character, as typed); null where it can. */
export function keyProblem(asked: readonly AskedQuestion[], label: string, key: string): string | null {
  if ([...key].length !== 1) return 'Press a letter, a digit or a sign.';
  const does = Object.hasOwn(RESERVED, key) ? RESERVED[key] : undefined;
  if (does !== undefined) return `${keyName(key)} ${does}: choose another key.`;
  const other = asked.flatMap(({ answers }) => answers).find((one) => one.key === key && one.label !== label);
  return other === undefined ? null : `${keyName(key)} is the key of “${other.name}”: change that one first.`;
}

/** A key as it stands on a keyboard. */
export const keyName = (key: string): string => (key === ' ' ? 'Space' : key.toUpperCase());
