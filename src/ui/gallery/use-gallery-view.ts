import { useCallback, useMemo } from 'react';
import type { ConfidenceShift } from '#audit/confidence-shift.ts';
import { type Facets } from '#audit/facets.ts';
import { partnersOf } from '#audit/partners.ts';
import type { AuditExamples } from '#audit/predictions.ts';
import { ranksOf } from '#audit/ranking.ts';
import type { AuditResult, Comparison } from '#audit/result.ts';
import { scoreHistogram } from '#audit/score-histogram.ts';
import { selecting } from '#audit/selection.ts';
import type { Steps } from '#audit/steps.ts';
import type { Dataset } from '#dataset/dataset.ts';
import { useData } from '#store/data.ts';
import { classNames } from '#ui/kit/value-words.ts';
import { useReadEvidence } from '#ui/labels/use-second-reading.ts';
import { useEvidence } from '#store/evidence.ts';
import { useGallery } from '#store/gallery.ts';
import type { EvidenceState, GalleryFilters } from '#store/state.ts';
import { useConfidenceShift } from './use-confidence-shift.ts';
import { useReviews } from './use-reviews.ts';
import { useSteps } from './use-steps.ts';

/** Everything the gallery draws but review labels, derived from the stores: the same object until a filter changes. */
export interface GalleryView {
  readonly dataset: Dataset;
  /** The positive class of the question. */
  readonly positive: string;
  readonly audit: AuditResult;
  readonly examples: AuditExamples;
  /** [class] what people call it where there is little room. */
  readonly names: readonly string[];
  /** [class] the same where "not" alone would not be understood. */
  readonly wholeNames: readonly string[];
  readonly datasetIndices: Uint32Array;
  readonly predictions: Extract<EvidenceState, { kind: 'ready' }>['predictions'];
  /** The level that is drawn; a moment behind `filters.level` where there is much to select from. */
  readonly comparison: Comparison;
  readonly order: GalleryFilters['order'];
  /** How far confidence moved; null unless that is the order and it is known. */
  readonly confidence: ConfidenceShift | null;
  /** Examples shown, in that order. */
  readonly shown: Uint32Array;
  /** [place in `shown`] an example of the same class whose label did not change, -1 for none; null where not asked for. */
  readonly partners: Int32Array | null;
  /** [example] rank by Taxicab score over the whole audit split, from 1. */
  readonly rank: Uint32Array;
  readonly facets: Facets;
  /** Examples within the threshold before the other filters. */
  readonly within: number;
  /** [bin] Taxicab scores of all examples. */
  readonly histogram: Uint32Array;
}

type Selection = Pick<
  GalleryView,
  'comparison' | 'order' | 'confidence' | 'shown' | 'partners' | 'rank' | 'facets' | 'within' | 'histogram'
> & { readonly of: AuditResult };

/** null while there is no evidence, and for the first moment of a large audit. */
export function useGalleryView(): GalleryView | null {
  const data = useData(({ state }) => state);
  const evidence = useEvidence(({ state }) => state);
  const filters = useGallery((state) => state.filters);
  const labels = useReviews(filters);
  const ready = useReadEvidence(evidence);

  const comparison =
    ready?.audit.comparisons.find(({ level }) => level === filters.level) ?? ready?.audit.comparisons[0];
  const confidence = useConfidenceShift(
    ready,
    comparison,
    data.kind === 'ready' ? data.question.positive : '',
    filters.order === 'confidence-shift',
  );

  const select = useCallback(
    function* (): Steps<Selection | null> {
      if (!ready || !comparison) return null;
      const { audit, examples } = ready;
      const { ranking, scores } = comparison.taxicab;
      const selected = yield* selecting(filters, {
        ...{ examples, baseline: audit.baseline, comparison, labels },
        confidence: confidence?.shift ?? null,
      });
      const rank = ranksOf(ranking);
      yield;
      const histogram = scoreHistogram(scores, ranking);
      yield;
      const partners = filters.beside ? partnersOf(selected.shown, examples, comparison) : null;
      return { of: audit, comparison, order: filters.order, confidence, partners, rank, histogram, ...selected };
    },
    [ready, comparison, filters, labels, confidence],
  );
  const selection = useSteps(select);
  const [names, wholeNames] = useMemo((): readonly (readonly string[])[] => {
    if (!ready || data.kind !== 'ready') return [];
    const target = data.dataset.columns.find(({ name }) => name === data.question.target);
    return [classNames(target, ready.examples.classes), classNames(target, ready.examples.classes, true)];
  }, [ready, data]);
  // A selection from another audit says nothing about this one.
  return useMemo(() => {
    if (!ready || data.kind !== 'ready' || selection?.of !== ready.audit) return null;
    const { audit, examples, datasetIndices, predictions } = ready;
    return {
      dataset: data.dataset,
      positive: data.question.positive,
      audit,
      examples,
      names: names ?? [],
      wholeNames: wholeNames ?? [],
      datasetIndices,
      predictions,
      ...selection,
    };
  }, [ready, data, names, wholeNames, selection]);
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
