import { changeName, countFacets, type Facets } from './facets.ts';
import { idOrder } from './id-order.ts';
import type { AuditExamples } from './predictions.ts';
import { findPlaces } from './places.ts';
import { percentileCount, ranksOf, topPercentile } from './ranking.ts';
import type { Comparison, PopulationSummary } from './result.ts';
import { runSteps, STEP, type Steps } from './steps.ts';

/** How the gallery may be ordered. Jaccard is 2 d / (2 + d) of the Taxicab score d: it orders as Taxicab does. */
export const ORDERS = ['taxicab', 'jaccard', 'modal-change', 'confidence-shift', 'true-label', 'id'] as const;
export type SelectionOrder = (typeof ORDERS)[number];

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
  /** Only what one of them labelled; the review labels are then theirs. */
  readonly reviewers: readonly string[];
  /** Exactly these example ids. */
  readonly only: readonly string[];
  /** A part of the example's id, in any case. */
  readonly search: string;
  /** Changed labels first, or the largest shift of confidence first, or classes in their order, or ids as text with numbers by value; ties by Taxicab score. */
  readonly order: SelectionOrder;
}
export const NO_LABEL = 'none';

/** Example id to its review labels, at least one each. */
export type Labels = ReadonlyMap<string, readonly string[]>;

/** What is selected from: the examples with both populations' votes, and the review labels that the filters ask about. */
export interface Selectable {
  readonly examples: AuditExamples;
  readonly baseline: PopulationSummary;
  readonly comparison: Comparison;
  readonly labels: Labels;
  /** [example] in [0,1]; null where it is not known (yet): then it orders nothing. */
  readonly confidence: Float32Array | null;
}

export interface Selected {
  /** Example indices in the order asked for. */
  readonly shown: Uint32Array;
  /** How many examples are within the threshold alone, and how many of them each choice holds. */
  readonly within: number;
  readonly facets: Facets;
}

/** The selected example indices in the order asked for. */
export function selectExamples(
  selection: Selection,
  examples: AuditExamples,
  baseline: PopulationSummary,
  comparison: Comparison,
  labels: Labels,
): Uint32Array {
  return runSteps(selecting(selection, { examples, baseline, comparison, labels, confidence: null })).shown;
}

/** Selects and counts, in steps: at 200,000 examples no frame has to wait for all of it. */
export function* selecting(selection: Selection, from: Selectable): Steps<Selected> {
  const { indices, facets } = yield* withinThreshold(selection.threshold, from);
  const passes = yield* filterOf(selection, from);
  const kept = passes === null ? indices : yield* filtered(indices, passes);
  const shown = yield* ordered(kept, selection.order, from);
  return { shown, within: indices.length, facets };
}

/** Whether an example is within the threshold. */
export function isWithin(
  { taxicab, modalCie }: Comparison,
  threshold: Selection['threshold'],
): (example: number) => boolean {
  if (threshold === 'modal-cie') return (example) => modalCie.isCie[example] === 1;
  const ranks = ranksOf(taxicab.ranking);
  const count = percentileCount(ranks.length, threshold);
  return (example) => ranks[example]! <= count;
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

interface Within {
  readonly threshold: Selection['threshold'];
  /** Example indices within the threshold alone, largest Taxicab score first. */
  readonly indices: Uint32Array;
  readonly facets: Facets;
}
const latest = new WeakMap<Comparison, Within>();

/** Of each comparison the latest threshold is kept: going back to a level, or filtering within it, counts nothing anew. */
function* withinThreshold(threshold: Selection['threshold'], from: Selectable): Steps<Within> {
  const { comparison, examples, baseline } = from;
  const kept = latest.get(comparison);
  if (kept?.threshold === threshold) return kept;
  const { ranking } = comparison.taxicab;
  const { isCie } = comparison.modalCie;
  const indices =
    threshold === 'modal-cie'
      ? yield* filtered(ranking, (example) => isCie[example] === 1)
      : topPercentile(ranking, threshold);
  const facets = yield* countFacets(indices, examples, baseline, comparison);
  const within: Within = { threshold, indices, facets };
  latest.set(comparison, within);
  return within;
}

/** null where everything passes. */
function* filterOf(
  selection: Selection,
  { examples, baseline, comparison, labels: given }: Selectable,
): Steps<((example: number) => boolean) | null> {
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
  if (selection.only.length > 0) {
    const wanted = new Set(selection.only);
    checks.push((example) => wanted.has(ids[example]!));
  }
  const search = selection.search.trim().toLowerCase();
  if (search !== '') checks.push((example) => ids[example]!.toLowerCase().includes(search));
  if (selection.reviewLabels.length > 0 || selection.reviewers.length > 0) {
    const reviewed = yield* withLabels(ids, given, selection.reviewLabels);
    const takesUnlabelled = selection.reviewLabels.includes(NO_LABEL) && selection.reviewers.length === 0;
    checks.push((example) => {
      const isWanted = reviewed.get(example);
      return isWanted ?? takesUnlabelled;
    });
  }
  if (checks.length === 0) return null;
  return (example) => checks.every((check) => check(example));
}

/** Of each labelled example index whether it has one of the wanted labels; all do where none are named. */
function* withLabels(
  ids: readonly string[],
  labels: Labels,
  wanted: readonly string[],
): Steps<ReadonlyMap<number, boolean>> {
  const places = yield* findPlaces(ids);
  return new Map(
    [...labels].flatMap(([id, own]) => {
      const example = places.get(id);
      const isWanted = wanted.length === 0 || own.some((label) => wanted.includes(label));
      return example === undefined ? [] : [[example, isWanted] as const];
    }),
  );
}

/** So fine is the order by confidence shift. */
const SHIFTS = 65_535;

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
    case 'confidence-shift': {
      const { confidence } = from;
      if (confidence === null) return byScore;
      return yield* byKey(byScore, SHIFTS + 1, (example) => Math.round(SHIFTS * (1 - confidence[example]!)));
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
