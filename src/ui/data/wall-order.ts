import type { Dataset, Question } from '#dataset/dataset.ts';
import { columnOf } from '#dataset/build.ts';

export type WallOrder = 'as-is' | 'by-class' | 'rarest';

/**
 * The indices of the examples in the order of the wall, all of them. By class: one of each class in turn, so that every
 * class is in sight from the start. Rarest: by how many share an example's target and compared attributes, fewest first,
 * ties as they come; a missing cell counts as a value of its own.
 */
export function wallOrder(dataset: Dataset, question: Question, order: WallOrder): Uint32Array {
  const all = Uint32Array.from(dataset.ids, (_, index) => index);
  switch (order) {
    case 'as-is':
      return all;
    case 'by-class':
      return inTurn(all, dataset, question.target);
    case 'rarest':
      return rarestFirst(all, dataset, question);
    default:
      return order satisfies never;
  }
}

function inTurn(all: Uint32Array, dataset: Dataset, target: string): Uint32Array {
  const codes = columnOf(dataset, target)?.codes;
  if (codes === undefined) return all;
  const seen = new Map<number, number>();
  const turn = Array.from(codes, (code) => {
    const before = seen.get(code) ?? 0;
    seen.set(code, before + 1);
    return before;
  });
  return all.sort((a, b) => turn[a]! - turn[b]! || codes[a]! - codes[b]! || a - b);
}

function rarestFirst(all: Uint32Array, dataset: Dataset, question: Question): Uint32Array {
  const columns = [question.target, ...question.attributes].flatMap((name) => columnOf(dataset, name) ?? []);
  const keys = Array.from(all, (index) => columns.map((column) => column.codes[index]!).join(','));
  const sizes = new Map<string, number>();
  for (const key of keys) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  return all.sort((a, b) => sizes.get(keys[a]!)! - sizes.get(keys[b]!)! || a - b);
}
