import { comparedShares, type ComparedShares } from './compared-shares.ts';
import { complement, uncertainRate, type Uncertain } from './crossed.ts';
import type { Annotation } from './reviewed.ts';

/** What two populations predict of the same examples: [member, example] class indices. */
export interface Predicted {
  readonly baseline: PredictedBy;
  readonly compressed: PredictedBy;
}
interface PredictedBy {
  readonly members: readonly string[];
  readonly predictions: ArrayLike<number>;
}

/** One value of an annotated attribute among CIE, beside the other examples that were annotated. */
export interface AnnotatedGroup extends ComparedShares {
  readonly attribute: string;
  readonly value: string;
  /** Mean accuracy of the members on the annotated CIE with this value, were members and examples drawn anew. */
  readonly baseline: Uncertain;
  readonly compressed: Uncertain;
}

/** Every value of every annotated attribute, by the annotations alone: so it needs no attribute in the data. `labels`: [example] true class. */
export function annotatedGroups(
  annotations: readonly Annotation[],
  isCie: ArrayLike<number>,
  labels: ArrayLike<number>,
  predicted: Predicted,
): readonly AnnotatedGroup[] {
  return annotations.flatMap(({ attribute, column: { values, codes } }) => {
    const among = (wanted: number) => Array.from(codes.keys()).filter((x) => codes[x]! >= 0 && isCie[x] === wanted);
    const [inside, outside] = [among(1), among(0)];
    return values.map((value, code) => {
      const own = inside.filter((x) => codes[x] === code);
      const otherCount = outside.filter((x) => codes[x] === code).length;
      return {
        attribute,
        value,
        ...comparedShares([inside.length, own.length], [outside.length, otherCount]),
        baseline: accuracyOn(own, labels, predicted.baseline),
        compressed: accuracyOn(own, labels, predicted.compressed),
      };
    });
  });
}

function accuracyOn(examples: readonly number[], labels: ArrayLike<number>, by: PredictedBy): Uncertain {
  const isWrong = (k: number, x: number): number => (by.predictions[k * labels.length + x] === labels[x] ? 0 : 1);
  const members = Array.from(by.members.keys());
  const perMember = members.map((k) => examples.reduce((sum, x) => sum + isWrong(k, x), 0));
  const squares = examples.reduce((sum, x) => sum + members.reduce((wrong, k) => wrong + isWrong(k, x), 0) ** 2, 0);
  return complement(uncertainRate({ perMember, squares }, examples.length));
}
