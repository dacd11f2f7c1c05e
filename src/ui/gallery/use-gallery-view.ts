import { useMemo } from 'react';
import type { AuditExamples } from '#audit/predictions.ts';
import type { AuditResult, Comparison } from '#audit/result.ts';
import { facetsOf, selectExamples, withinThreshold, type Facets } from '#audit/selection.ts';
import type { Dataset } from '#dataset/dataset.ts';
import { useData } from '#store/data.ts';
import { classNames } from '#ui/kit/value-words.ts';
import { useEvidence } from '#store/evidence.ts';
import { useGallery } from '#store/gallery.ts';
import { useLabels } from '#store/labels.ts';
import type { EvidenceState } from '#store/state.ts';

/** Everything the gallery draws, derived from the stores. */
export interface GalleryView {
  readonly dataset: Dataset;
  readonly audit: AuditResult;
  readonly examples: AuditExamples;
  /** [class] what people call it where there is little room. */
  readonly names: readonly string[];
  /** [class] the same where "not" alone would not be understood. */
  readonly wholeNames: readonly string[];
  readonly datasetIndices: Uint32Array;
  readonly predictions: Extract<EvidenceState, { kind: 'ready' }>['predictions'];
  readonly comparison: Comparison;
  /** Examples shown, largest score first. */
  readonly shown: Uint32Array;
  /** [example] rank over the whole audit split, from 1. */
  readonly rank: Uint32Array;
  readonly facets: Facets;
  /** Examples within the threshold before the other filters. */
  readonly within: number;
}

/** null while there is no evidence. */
export function useGalleryView(): GalleryView | null {
  const data = useData(({ state }) => state);
  const evidence = useEvidence(({ state }) => state);
  const filters = useGallery((state) => state.filters);
  const labels = useLabels(({ current }) => current);
  const ready = evidence.kind === 'ready' ? evidence : null;
  const comparison =
    ready?.audit.comparisons.find(({ level }) => level === filters.level) ?? ready?.audit.comparisons[0] ?? null;

  const rank = useMemo(() => {
    const ranks = new Uint32Array(comparison?.taxicab.ranking.length ?? 0);
    comparison?.taxicab.ranking.forEach((example, place) => {
      ranks[example] = place + 1;
    });
    return ranks;
  }, [comparison]);
  const within = useMemo(
    () => (comparison ? withinThreshold(comparison, filters.threshold) : new Uint32Array()),
    [comparison, filters.threshold],
  );
  const facets = useMemo(
    () => (ready && comparison ? facetsOf(within, ready.examples, ready.audit.baseline, comparison, labels) : null),
    [ready, comparison, within, labels],
  );
  const shown = useMemo(
    () =>
      ready && comparison
        ? selectExamples(filters, ready.examples, ready.audit.baseline, comparison, labels)
        : new Uint32Array(),
    [ready, comparison, filters, labels],
  );
  const [names, wholeNames] = useMemo((): readonly (readonly string[])[] => {
    if (!ready || data.kind !== 'ready') return [];
    const target = data.dataset.columns.find(({ name }) => name === data.question.target);
    return [classNames(target, ready.examples.classes), classNames(target, ready.examples.classes, true)];
  }, [ready, data]);
  if (!ready || !comparison || !facets || data.kind !== 'ready') return null;
  const { audit, examples, datasetIndices, predictions } = ready;
  return {
    dataset: data.dataset,
    audit,
    examples,
    names: names ?? [],
    wholeNames: wholeNames ?? [],
    datasetIndices,
    predictions,
    comparison,
    shown,
    rank,
    facets,
    within: within.length,
  };
}

/** Votes of both populations for every class of an example. */
export function votesOf(
  { audit, names, comparison }: Pick<GalleryView, 'audit' | 'names' | 'comparison'>,
  example: number,
): readonly { readonly label: string; readonly baseline: number; readonly compressed: number }[] {
  const count = names.length;
  return names.map((label, i) => ({
    label,
    baseline: audit.baseline.votes[example * count + i] ?? 0,
    compressed: comparison.population.votes[example * count + i] ?? 0,
  }));
}
