import { topPercentile } from './ranking.ts';
import type { AuditExamples } from './predictions.ts';
import type { Comparison, PopulationSummary } from './result.ts';

/** How the gallery may be ordered. Jaccard is 2 d / (2 + d) of the Taxicab score d: it orders as Taxicab does. */
export type SelectionOrder = 'taxicab' | 'jaccard' | 'modal-change' | 'true-label' | 'id';

/** Which examples of a comparison are shown, and in which order. Empty lists and absent attributes let everything through. */
export interface Selection {
  /** Percentile p of the Taxicab score (the top round(N (100-p)/100) examples), or exactly the Modal CIEs. */
  readonly threshold: number | 'modal-cie';
  /** Taxicab scores from the first to below the second, in [0,2]; an end of 2 includes 2. null: all. */
  readonly scores: readonly [number, number] | null;
  readonly trueClasses: readonly string[];
  /** Modal labels of the baseline and of the compressed population. */
  readonly baselineLabels: readonly string[];
  readonly compressedLabels: readonly string[];
  /** Changes of the modal label as `changeName` writes them. */
  readonly changes: readonly string[];
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** Label ids; `NO_LABEL` for examples without one. */
  readonly reviewLabels: readonly string[];
  /** A part of the example's id, in any case. */
  readonly search: string;
  /** Changed labels first, or classes in their order, or ids as text with numbers by value; ties by Taxicab score. */
  readonly order: SelectionOrder;
}
export const NO_LABEL = 'none';
export const UNCHANGED = 'unchanged';

/** The modal label before and after, "blond→not blond", or `unchanged`. */
export function changeName(classes: readonly string[], before: number, after: number): string {
  return before === after ? UNCHANGED : `${classes[before] ?? ''}→${classes[after] ?? ''}`;
}

/** How many of some examples each choice of each filter holds; a choice that nobody makes is absent. */
export interface Facets {
  readonly trueClasses: ReadonlyMap<string, number>;
  readonly baselineLabels: ReadonlyMap<string, number>;
  readonly compressedLabels: ReadonlyMap<string, number>;
  readonly changes: ReadonlyMap<string, number>;
  /** Attribute to value to count; missing cells are in none. */
  readonly attributes: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly reviewLabels: ReadonlyMap<string, number>;
}

type Labels = ReadonlyMap<string, readonly string[]>;

/** What is selected from: the examples with both populations' votes, and the review labels by example id. */
export interface Selectable {
  readonly examples: AuditExamples;
  readonly baseline: PopulationSummary;
  readonly comparison: Comparison;
  readonly labels: Labels;
}

export interface Selected {
  /** Example indices in the order asked for. */
  readonly shown: Uint32Array;
  /** How many examples are within the threshold alone, and how many of them each choice holds. */
  readonly within: number;
  readonly facets: Facets;
}

/** Work in steps of about a millisecond: whoever runs it may stop in between. */
export type Steps<T> = Generator<undefined, T, undefined>;
const STEP = 16_384;

/** Runs all steps at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The selected example indices in the order asked for. */
export function selectExamples(
  selection: Selection,
  examples: AuditExamples,
  baseline: PopulationSummary,
  comparison: Comparison,
  labels: Labels,
): Uint32Array {
  return runSteps(selecting(selection, { examples, baseline, comparison, labels })).shown;
}

/** Selects and counts, in steps: at 200,000 examples no frame has to wait for all of it. */
export function* selecting(selection: Selection, from: Selectable): Steps<Selected> {
  const within = yield* withinThreshold(from.comparison, selection.threshold);
  const reviewed = yield* reviewedExamples(from.examples.ids, from.labels);
  const facets = yield* countFacets(within, from, reviewed);
  const passes = filterOf(selection, from, reviewed);
  const kept = yield* filtered(within, passes);
  const shown = yield* ordered(kept, selection.order, from);
  return { shown, within: within.length, facets };
}

function* filtered(indices: Uint32Array, passes: (example: number) => boolean): Steps<Uint32Array> {
  const kept = new Uint32Array(indices.length);
  let count = 0;
  for (let i = 0; i < indices.length; i++) {
    const example = indices[i]!;
    if (passes(example)) kept[count++] = example;
    if (i % STEP === STEP - 1) yield;
  }
  return count === indices.length ? indices : kept.slice(0, count);
}

/** Example indices within the threshold alone, largest Taxicab score first. */
function* withinThreshold(comparison: Comparison, threshold: Selection['threshold']): Steps<Uint32Array> {
  const { ranking } = comparison.taxicab;
  if (threshold !== 'modal-cie') return topPercentile(ranking, threshold);
  const { isCie } = comparison.modalCie;
  return yield* filtered(ranking, (example) => isCie[example] === 1);
}

const places = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** Where each example stands, by its id. Kept as long as the ids are. */
function* placesOf(ids: readonly string[]): Steps<ReadonlyMap<string, number>> {
  const kept = places.get(ids);
  if (kept) return kept;
  const map = new Map<string, number>();
  for (let i = 0; i < ids.length; i++) {
    map.set(ids[i]!, i);
    if (i % STEP === STEP - 1) yield;
  }
  places.set(ids, map);
  return map;
}

type Reviewed = ReadonlyMap<number, readonly string[]>;

/** Example index to its review labels, for those that have any. */
function* reviewedExamples(ids: readonly string[], labels: Labels): Steps<Reviewed> {
  const reviewed = new Map<number, readonly string[]>();
  if (labels.size === 0) return reviewed;
  const place = yield* placesOf(ids);
  for (const [id, own] of labels) {
    const example = place.get(id);
    if (example !== undefined && own.length > 0) reviewed.set(example, own);
  }
  return reviewed;
}

const named = (counts: Uint32Array, names: readonly string[]): Map<string, number> =>
  new Map([...counts].flatMap((count, code) => (count === 0 ? [] : [[names[code] ?? '', count] as const])));

function* countFacets(
  indices: Uint32Array,
  { examples, baseline, comparison }: Selectable,
  reviewed: Reviewed,
): Steps<Facets> {
  const { classes, labels } = examples;
  const after = comparison.population.modal;
  const truths = new Uint32Array(classes.length);
  const befores = new Uint32Array(classes.length);
  const afters = new Uint32Array(classes.length);
  const changes = new Map<number, number>();
  const attributes = examples.attributes.map(({ values, codes }) => ({
    codes,
    counts: new Uint32Array(values.length),
  }));
  const reviewLabels = new Map<string, number>();
  let unchanged = 0;
  let unlabelled = 0;
  for (let i = 0; i < indices.length; i++) {
    const example = indices[i]!;
    const from = baseline.modal[example]!;
    const to = after[example]!;
    truths[labels[example]!]!++;
    befores[from]!++;
    afters[to]!++;
    if (from === to) unchanged++;
    else changes.set(from * classes.length + to, (changes.get(from * classes.length + to) ?? 0) + 1);
    for (const { codes, counts } of attributes) {
      const code = codes[example]!;
      if (code >= 0) counts[code]!++;
    }
    const own = reviewed.get(example);
    if (own) for (const label of own) reviewLabels.set(label, (reviewLabels.get(label) ?? 0) + 1);
    else unlabelled++;
    if (i % STEP === STEP - 1) yield;
  }
  const changeNames = [...changes].map(([key, count]): [string, number] => [
    changeName(classes, Math.floor(key / classes.length), key % classes.length),
    count,
  ]);
  if (unchanged > 0) changeNames.push([UNCHANGED, unchanged]);
  if (unlabelled > 0) reviewLabels.set(NO_LABEL, unlabelled);
  return {
    trueClasses: named(truths, classes),
    baselineLabels: named(befores, classes),
    compressedLabels: named(afters, classes),
    changes: new Map(changeNames),
    attributes: new Map(
      examples.attributes.map(({ name, values }, i) => [name, named(attributes[i]!.counts, values)] as const),
    ),
    reviewLabels,
  };
}

function filterOf(
  selection: Selection,
  { examples, baseline, comparison }: Selectable,
  reviewed: Reviewed,
): (example: number) => boolean {
  const { classes, labels, ids } = examples;
  const { modal } = comparison.population;
  const checks: ((example: number) => boolean)[] = [];
  const wantsClass = (names: readonly string[], codes: Uint16Array): void => {
    if (names.length === 0) return;
    const wanted = new Set(names.map((name) => classes.indexOf(name)));
    checks.push((example) => wanted.has(codes[example]!));
  };
  if (selection.scores !== null) {
    const [low, high] = selection.scores;
    const { scores } = comparison.taxicab;
    // Scores are fractions of whole votes: a hair below an end is rounding.
    checks.push((example) => scores[example]! >= low - 1e-9 && (scores[example]! < high - 1e-9 || high >= 2));
  }
  wantsClass(selection.trueClasses, labels);
  wantsClass(selection.baselineLabels, baseline.modal);
  wantsClass(selection.compressedLabels, modal);
  if (selection.changes.length > 0) {
    const wanted = new Set(selection.changes);
    checks.push((example) => wanted.has(changeName(classes, baseline.modal[example]!, modal[example]!)));
  }
  for (const { name, values, codes } of examples.attributes) {
    const allowed = selection.attributes[name];
    if (allowed === undefined || allowed.length === 0) continue;
    const wanted = new Set(allowed.map((value) => values.indexOf(value)));
    checks.push((example) => codes[example]! >= 0 && wanted.has(codes[example]!));
  }
  const search = selection.search.trim().toLowerCase();
  if (search !== '') checks.push((example) => ids[example]!.toLowerCase().includes(search));
  if (selection.reviewLabels.length > 0) {
    const wanted = new Set(selection.reviewLabels);
    checks.push((example) => (reviewed.get(example) ?? [NO_LABEL]).some((label) => wanted.has(label)));
  }
  return (example) => checks.every((check) => check(example));
}

/** The examples, which stand by Taxicab score, in the order asked for. */
function* ordered(byScore: Uint32Array, order: SelectionOrder, from: Selectable): Steps<Uint32Array> {
  switch (order) {
    case 'taxicab':
    case 'jaccard':
      return byScore;
    case 'modal-change': {
      const { isCie } = from.comparison.modalCie;
      return yield* byKey(byScore, 2, (example) => 1 - isCie[example]!);
    }
    case 'true-label':
      return yield* byKey(byScore, from.examples.classes.length, (example) => from.examples.labels[example]!);
    case 'id': {
      const sorted = yield* idOrder(from.examples.ids);
      const isShown = new Uint8Array(sorted.length);
      for (const example of byScore) isShown[example] = 1;
      yield;
      return yield* filtered(sorted, (example) => isShown[example] === 1);
    }
    default:
      return order satisfies never;
  }
}

/** Counting sort: keeps the order of what has the same key. */
function* byKey(indices: Uint32Array, keys: number, keyOf: (example: number) => number): Steps<Uint32Array> {
  const starts = new Uint32Array(keys + 1);
  for (const example of indices) starts[keyOf(example) + 1]!++;
  yield;
  for (let key = 0; key < keys; key++) starts[key + 1]! += starts[key]!;
  const sorted = new Uint32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const example = indices[i]!;
    sorted[starts[keyOf(example)]!++] = example;
    if (i % STEP === STEP - 1) yield;
  }
  return sorted;
}

const orders = new WeakMap<readonly string[], Uint32Array>();

/** Indices by id as `compareIds` has it. Merge sort in steps; kept as long as the ids are. */
function* idOrder(ids: readonly string[]): Steps<Uint32Array> {
  const kept = orders.get(ids);
  if (kept) return kept;
  let from = Uint32Array.from(ids, (_, i) => i);
  let to = new Uint32Array(ids.length);
  let work = 0;
  for (let width = 1; width < ids.length; width *= 2) {
    for (let start = 0; start < ids.length; start += 2 * width) {
      const middle = Math.min(start + width, ids.length);
      const end = Math.min(start + 2 * width, ids.length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        const takesLeft = left < middle && (right >= end || compareIds(ids[from[left]!]!, ids[from[right]!]!) <= 0);
        to[at] = takesLeft ? from[left++]! : from[right++]!;
        if (++work % 4096 === 0) yield;
      }
    }
    [from, to] = [to, from];
  }
  orders.set(ids, from);
  return from;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Ids as people order them: runs of digits by their number ("f9" before "f10"), all else by code unit. 0 for the same text. */
export function compareIds(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (isDigit(a.charCodeAt(i)) && isDigit(b.charCodeAt(j))) {
      while (a.charCodeAt(i) === 48) i++;
      while (b.charCodeAt(j) === 48) j++;
      let difference = 0;
      while (isDigit(a.charCodeAt(i)) && isDigit(b.charCodeAt(j))) {
        if (difference === 0) difference = a.charCodeAt(i) - b.charCodeAt(j);
        i++;
        j++;
      }
      if (isDigit(a.charCodeAt(i))) return 1;
      if (isDigit(b.charCodeAt(j))) return -1;
      if (difference !== 0) return difference;
    } else {
      const difference = a.charCodeAt(i) - b.charCodeAt(j);
      if (difference !== 0) return difference;
      i++;
      j++;
    }
  }
  // The rest of one of them, or numbers that differ in leading zeros only.
  return a.length - i - (b.length - j) || (a < b ? -1 : a > b ? 1 : 0);
}
