import type { AuditExamples } from './predictions.ts';
import type { Comparison, PopulationSummary } from './result.ts';
import { STEP, type Steps } from './steps.ts';

export const UNCHANGED = 'unchanged';

/** The modal label before and after, "blond→not blond", or `unchanged`. */
export function changeName(classes: readonly string[], before: number, after: number): string {
  return before === after ? UNCHANGED : `${classes[before] ?? ''}→${classes[after] ?? ''}`;
}

/** How many of some examples each choice of each filter holds; a choice that nobody makes is absent. */
export interface Facets {
  readonly trueClasses: ReadonlyMap<string, number>;
  /** Modal labels of the baseline and of the compressed population, and the change from one to the other. */
  readonly baselineLabels: ReadonlyMap<string, number>;
  readonly compressedLabels: ReadonlyMap<string, number>;
  readonly changes: ReadonlyMap<string, number>;
  /** Attribute to value to count; missing cells are in none. */
  readonly attributes: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

const named = (counts: ArrayLike<number>, names: readonly string[]): Map<string, number> =>
  new Map(names.flatMap((name, code) => (counts[code]! > 0 ? [[name, counts[code]!] as const] : [])));

/** Adds the codes of some examples to `counts`, a code of -1 (a missing cell) in the first place. */
function* tally(indices: Uint32Array, codes: ArrayLike<number>, counts: Uint32Array): Steps<void> {
  for (let start = 0; start < indices.length; start += STEP) {
    const end = Math.min(start + STEP, indices.length);
    for (let i = start; i < end; i++) counts[codes[indices[i]!]! + 1]!++;
    yield;
  }
}

/** Counts one column after the other: tight loops over codes. */
export function* countFacets(
  indices: Uint32Array,
  examples: AuditExamples,
  baseline: PopulationSummary,
  comparison: Comparison,
): Steps<Facets> {
  const { classes, labels } = examples;
  const count = classes.length;
  const truths = new Uint32Array(count + 1);
  yield* tally(indices, labels, truths);
  // [before, after]
  const moves = new Uint32Array(count * count);
  const { modal: before } = baseline;
  const { modal: after } = comparison.population;
  for (let start = 0; start < indices.length; start += STEP) {
    const end = Math.min(start + STEP, indices.length);
    for (let i = start; i < end; i++) {
      const example = indices[i]!;
      moves[before[example]! * count + after[example]!]!++;
    }
    yield;
  }
  const befores = new Uint32Array(count);
  const afters = new Uint32Array(count);
  const changes = new Map<string, number>();
  moves.forEach((moved, move) => {
    if (moved === 0) return;
    const [from, to] = [Math.floor(move / count), move % count];
    befores[from]! += moved;
    afters[to]! += moved;
    const name = changeName(classes, from, to);
    changes.set(name, (changes.get(name) ?? 0) + moved);
  });
  const attributes = new Map<string, ReadonlyMap<string, number>>();
  for (const { name, values, codes } of examples.attributes) {
    const counts = new Uint32Array(values.length + 1);
    yield* tally(indices, codes, counts);
    attributes.set(name, named(counts.subarray(1), values));
  }
  return {
    trueClasses: named(truths.subarray(1), classes),
    baselineLabels: named(befores, classes),
    compressedLabels: named(afters, classes),
    changes,
    attributes,
  };
}
