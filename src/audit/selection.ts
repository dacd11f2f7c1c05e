import { topPercentile } from './ranking.ts';
import type { AuditExamples } from './predictions.ts';
import type { Comparison, PopulationSummary } from './result.ts';

/** Which examples of a comparison are shown. Empty lists and absent attributes let everything through. */
export interface Selection {
  /** Percentile p of the Taxicab score (the top round(N (100-p)/100) examples), or exactly the Modal CIEs. */
  readonly threshold: number | 'modal-cie';
  readonly trueClasses: readonly string[];
  /** Changes of the modal label as `changeName` writes them. */
  readonly changes: readonly string[];
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** Label ids; `NO_LABEL` for examples without one. */
  readonly reviewLabels: readonly string[];
  /** A part of the example's id, in any case. */
  readonly search: string;
}
export const NO_LABEL = 'none';
export const UNCHANGED = 'unchanged';

/** The modal label before and after, "blond→not blond", or `unchanged`. */
export function changeName(classes: readonly string[], before: number, after: number): string {
  return before === after ? UNCHANGED : `${classes[before] ?? ''}→${classes[after] ?? ''}`;
}

/** Example indices within the threshold alone, largest Taxicab score first. */
export function withinThreshold(comparison: Comparison, threshold: Selection['threshold']): Uint32Array {
  const { ranking } = comparison.taxicab;
  return threshold === 'modal-cie'
    ? ranking.filter((example) => comparison.modalCie.isCie[example] === 1)
    : topPercentile(ranking, threshold);
}

/** How many of some examples each choice of each filter holds. */
export interface Facets {
  readonly trueClasses: ReadonlyMap<string, number>;
  readonly changes: ReadonlyMap<string, number>;
  /** Attribute to value to count; missing cells are in none. */
  readonly attributes: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly reviewLabels: ReadonlyMap<string, number>;
}

type Labels = ReadonlyMap<string, readonly string[]>;

/** Counts the choices over the given examples; a choice that nobody makes is absent. */
export function facetsOf(
  indices: Uint32Array,
  examples: AuditExamples,
  baseline: PopulationSummary,
  comparison: Comparison,
  labels: Labels,
): Facets {
  const add = (counts: Map<string, number>, key: string): void => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  };
  const trueClasses = new Map<string, number>();
  const changes = new Map<string, number>();
  const reviewLabels = new Map<string, number>();
  const attributes = new Map(examples.attributes.map(({ name }) => [name, new Map<string, number>()]));
  const { modal } = comparison.population;
  for (const example of indices) {
    add(trueClasses, examples.classes[examples.labels[example]!]!);
    add(changes, changeName(examples.classes, baseline.modal[example]!, modal[example]!));
    for (const { name, values, codes } of examples.attributes) {
      const value = values[codes[example]!];
      const counts = attributes.get(name);
      if (value !== undefined && counts) add(counts, value);
    }
    const own = labels.get(examples.ids[example]!) ?? [NO_LABEL];
    for (const label of own) add(reviewLabels, label);
  }
  return { trueClasses, changes, attributes, reviewLabels };
}

/** The selected example indices, largest Taxicab score first. */
export function selectExamples(
  selection: Selection,
  examples: AuditExamples,
  baseline: PopulationSummary,
  comparison: Comparison,
  labels: Labels,
): Uint32Array {
  const search = selection.search.trim().toLowerCase();
  const classes = new Set(selection.trueClasses);
  const changes = new Set(selection.changes);
  const wanted = new Set(selection.reviewLabels);
  const attributes = examples.attributes.flatMap(({ name, values, codes }) => {
    const allowed = selection.attributes[name];
    return allowed && allowed.length > 0
      ? [{ codes, allowed: new Set(allowed.map((value) => values.indexOf(value))) }]
      : [];
  });
  const { modal } = comparison.population;
  return withinThreshold(comparison, selection.threshold).filter((example) => {
    if (classes.size > 0 && !classes.has(examples.classes[examples.labels[example]!]!)) return false;
    if (changes.size > 0 && !changes.has(changeName(examples.classes, baseline.modal[example]!, modal[example]!)))
      return false;
    for (const { codes, allowed } of attributes) if (!allowed.has(codes[example]!)) return false;
    const id = examples.ids[example]!;
    if (search !== '' && !id.toLowerCase().includes(search)) return false;
    return wanted.size === 0 || (labels.get(id) ?? [NO_LABEL]).some((label) => wanted.has(label));
  });
}
