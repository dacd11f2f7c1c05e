import { answersOf, hardLabels, labelOf, questionOf, type Schema } from '#review/schema.ts';
import { comparedShares, type ComparedShares, type Tally } from './compared-shares.ts';

/** The row for any label that says the example is hard to judge. */
export const HARD = 'hard';

/** How often a label was given to CIE and to other examples. */
export interface MixRow extends ComparedShares {
  /** A label, or `HARD`; answered counts examples with an answer to its question. */
  readonly label: string;
}
export interface LabelMix {
  /** Examples with any answer. */
  readonly cie: number;
  readonly others: number;
  readonly rows: readonly MixRow[];
}

/**
 * The label mix of CIE against others. `given` holds the labels of every example that was reviewed, by id; one without a label
 * does not count. First the row `HARD` (any answer that the schema calls hard, of those who answered such a question), then
 * every answer of every choice, rating and attribute in the order of the schema; one not asked any more only where it was given.
 * The right label has no row: it says another thing of every class. All intervals at 95 %, each for itself.
 */
export function labelMix(
  given: ReadonlyMap<string, readonly string[]>,
  isCie: (id: string) => boolean,
  schema: Schema,
): LabelMix {
  const reviewed = [...given].filter(([, own]) => own.length > 0);
  const inside = reviewed.filter(([id]) => isCie(id)).map(([, own]) => own);
  const outside = reviewed.filter(([id]) => !isCie(id)).map(([, own]) => own);
  const seen = new Set(reviewed.flatMap(([, own]) => own));
  const row = (label: string, labels: readonly string[]): MixRow => {
    const questions = new Set(labels.map(questionOf));
    const tally = (all: readonly (readonly string[])[]): Tally => [
      all.filter((own) => own.some((one) => questions.has(questionOf(one)))).length,
      all.filter((own) => own.some((one) => labels.includes(one))).length,
    ];
    return { label, ...comparedShares(tally(inside), tally(outside)) };
  };
  const hard = hardLabels(schema);
  const labels = schema.flatMap((question) =>
    question.kind === 'true-label'
      ? []
      : answersOf(question, []).flatMap(({ id, removed }) => {
          const label = labelOf(question.id, id);
          const isAsked = removed !== true && question.removed !== true;
          return isAsked || seen.has(label) ? [label] : [];
        }),
  );
  return {
    cie: inside.length,
    others: outside.length,
    rows: [...(hard.length === 0 ? [] : [row(HARD, hard)]), ...labels.map((label) => row(label, [label]))],
  };
}
