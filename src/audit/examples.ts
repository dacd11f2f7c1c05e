import { SPLIT_AUDIT, type Column, type Dataset, type Question } from '#dataset/dataset.ts';
import type { AuditExamples } from './predictions.ts';

/**
 * The examples of a dataset that are audited: those of the audit split whose label is present, in the order of the dataset.
 * `datasetIndices` is [example] index into the dataset, ascending. The classes are all values of the target, also those
 * without an audited example. Throws where the question names a column that the dataset does not have.
 */
export function auditExamples(
  dataset: Dataset,
  question: Question,
): { readonly examples: AuditExamples; readonly datasetIndices: Uint32Array } {
  const target = columnNamed(dataset, question.target);
  const indices: number[] = [];
  for (let i = 0; i < dataset.ids.length; i++) {
    if (dataset.split[i] === SPLIT_AUDIT && target.codes[i]! >= 0) indices.push(i);
  }
  const datasetIndices = Uint32Array.from(indices);
  return {
    datasetIndices,
    examples: {
      ids: indices.map((i) => dataset.ids[i]!),
      classes: target.values,
      labels: Uint16Array.from(datasetIndices, (i) => target.codes[i]!),
      attributes: question.attributes.map((name) => {
        const column = columnNamed(dataset, name);
        return {
          name,
          values: column.values,
          codes: Int16Array.from(datasetIndices, (i) => column.codes[i]!),
        };
      }),
    },
  };
}

function columnNamed(dataset: Dataset, name: string): Column {
  const column = dataset.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`the dataset has no column "${name}"`);
  return column;
}
