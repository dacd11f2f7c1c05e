import { columnOf } from '#dataset/build.ts';
import { SPLIT_AUDIT, SPLIT_TRAIN, type Dataset, type Question } from '#dataset/dataset.ts';
import { tableColumns } from '#dataset/training-data.ts';

/** What a plan must fit. It has the shape of the engine's PlanFacts; this folder does not know the engine. */
interface DatasetFacts {
  readonly dataset: { readonly name: string; readonly hash: string };
  readonly question: Question;
  readonly kind: 'images' | 'table';
  readonly input: readonly [number, number, number];
  readonly classes: number;
  readonly examples: number;
  readonly trainExamples: number;
  readonly auditExamples: number;
}

/** Counted as `trainingData` takes them, without making the inputs. A target that the data lack has no classes and no examples. */
export function planFacts(dataset: Dataset, question: Question): DatasetFacts {
  const { name, hash, features, split, ids } = dataset;
  const target = columnOf(dataset, question.target);
  const labelled = (part: number): number =>
    split.reduce((count, own, x) => count + (own === part && (target?.codes[x] ?? -1) >= 0 ? 1 : 0), 0);
  return {
    dataset: { name, hash },
    question,
    kind: features.kind,
    input:
      features.kind === 'images'
        ? [features.height, features.width, features.channels]
        : [1, 1, tableColumns(dataset, features, question.target).width],
    classes: target?.values.length ?? 0,
    examples: ids.length,
    trainExamples: labelled(SPLIT_TRAIN),
    auditExamples: labelled(SPLIT_AUDIT),
  };
}
