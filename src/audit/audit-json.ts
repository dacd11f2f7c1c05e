import type { Agreement } from './agreement.ts';
import { deepJson, type DeepJson } from './deep-json.ts';
import { interval, intervals, type Interval, type IntervalsJson } from './interval-json.ts';
import { wilson } from './intervals.ts';
import type { AuditExamples } from './predictions.ts';
import { TRUE_LABEL } from './representation.ts';
import type {
  AccuracyRow,
  AuditResult,
  Change,
  Comparison,
  Group,
  PopulationSummary,
  Rates,
  RepresentationRow,
  SubgroupRow,
} from './result.ts';

/** The file `audit.json`, schema version 1. Rates and shares are fractions, normalized differences percent, null = not estimable. */
export interface AuditJson {
  readonly schemaVersion: 1;
  readonly classes: readonly string[];
  readonly positive: string;
  readonly examples: number;
  readonly seed: number;
  readonly tieRule: string;
  readonly minCount: number;
  readonly populations: Readonly<Record<string, PopulationJson>>;
  readonly comparisons: Readonly<Record<string, ComparisonJson>>;
  /** How many changes of rates were tested: what Holm's and Benjamini and Hochberg's p-values are corrected for. */
  readonly testedChanges: number;
  readonly nullControl: AuditResult['nullControl'];
}

interface PopulationJson {
  readonly members: number;
  readonly top1: number | null;
  /** Were only members drawn anew. */
  readonly top1Interval: Interval;
  readonly top1Intervals: IntervalsJson;
  readonly top1PerMember: readonly number[];
}

interface AccuracyJson {
  readonly n: number;
  readonly baseline: number | null;
  readonly compressed: number | null;
  /** Were only members drawn anew. */
  readonly baselineInterval: Interval;
  readonly compressedInterval: Interval;
  readonly baselineIntervals: IntervalsJson;
  readonly compressedIntervals: IntervalsJson;
}

interface RepresentationJson {
  readonly group: Group;
  readonly share: number;
  readonly cieShare: number | null;
  readonly cieShareInterval: Interval;
  readonly cieCount: number;
  readonly overIndexRatio: number | null;
  readonly overIndexRatioIntervals: IntervalsJson;
  readonly oddsRatio: number | null;
  readonly oddsRatioInterval: Interval;
}

interface ComparisonJson extends DeepJson {
  readonly modalCie: {
    readonly count: number;
    /** Were only members drawn anew. */
    readonly countInterval: Interval;
    readonly countIntervals: IntervalsJson;
    readonly ids: readonly string[];
    /** Every example, CIE or not, whose status depends on how ties are broken. */
    readonly tiedIds: readonly string[];
  };
  readonly taxicab: { readonly scores: Readonly<Record<string, number>>; readonly ranking: readonly string[] };
  readonly jaccard: { readonly scores: Readonly<Record<string, number>> };
  readonly accuracy: {
    readonly all: AccuracyJson;
    readonly modalCie: AccuracyJson;
    readonly nonModalCie: AccuracyJson;
    readonly taxicab: Readonly<Record<string, AccuracyJson>>;
  };
  readonly accuracyCurve: readonly (AccuracyJson & { readonly percentile: number })[];
  readonly subgroups: readonly {
    readonly group: Group;
    readonly n: number;
    readonly positives: number;
    readonly negatives: number;
    readonly baseline: Rates;
    readonly compressed: Rates;
    readonly normalizedDifference: Rates;
    readonly agreement: Agreement;
    /** Both drawn anew: members and examples. */
    readonly normalizedDifferenceInterval: Rates<Interval>;
    readonly uncertainty: {
      readonly baseline: Rates<IntervalsJson>;
      readonly compressed: Rates<IntervalsJson>;
      readonly difference: Rates<IntervalsJson & { readonly value: number | null }>;
      readonly normalizedDifference: Rates<IntervalsJson>;
      readonly tests: Rates<Change['tests']>;
    };
  }[];
  readonly equalizedOddsBias: Readonly<
    Record<string, { readonly baseline: number | null; readonly compressed: number | null }>
  >;
  readonly representation: readonly RepresentationJson[];
  /** The same for the values of the true label. */
  readonly labelRepresentation: readonly RepresentationJson[];
  /** Chi-squared tests of CIE against the values of each attribute. */
  readonly associations: Comparison['associations'];
}

/** `audit.json` as text in pieces, a level each: the whole of a large audit may be too long for one text. */
export function* auditText(result: AuditResult, examples: AuditExamples): Generator<string> {
  const { comparisons: _, testedChanges, nullControl, ...before } = auditJson({ ...result, comparisons: [] }, examples);
  const populations = populationsJson(result);
  yield `${JSON.stringify({ ...before, populations }).slice(0, -1)},"comparisons":{`;
  for (const [i, comparison] of result.comparisons.entries()) {
    const text = JSON.stringify(comparisonJson(comparison, examples.ids));
    yield `${i === 0 ? '' : ','}${JSON.stringify(comparison.level)}:${text}`;
  }
  yield `},${JSON.stringify({ testedChanges, nullControl }).slice(1)}\n`;
}

/** An audit as plain data for `audit.json`: ids in place of example indices. `examples` are those that were audited. */
export function auditJson(result: AuditResult, examples: AuditExamples): AuditJson {
  return {
    schemaVersion: 1,
    classes: result.classes,
    positive: result.options.positive,
    examples: result.examples,
    seed: result.options.seed,
    tieRule: result.options.tieRule,
    minCount: result.options.minCount,
    populations: populationsJson(result),
    comparisons: Object.fromEntries(
      result.comparisons.map((comparison) => [comparison.level, comparisonJson(comparison, examples.ids)]),
    ),
    testedChanges: result.testedChanges,
    nullControl: result.nullControl,
  };
}

function populationsJson({ baseline, comparisons }: AuditResult): AuditJson['populations'] {
  const all = [baseline, ...comparisons.map(({ population }) => population)];
  // fromEntries defines its keys, so a population or an id may have any name.
  return Object.fromEntries(all.map((population) => [population.name, populationJson(population)]));
}

function populationJson(population: PopulationSummary): PopulationJson {
  return {
    members: population.members,
    top1: population.top1.both.value,
    top1Interval: interval(population.top1.members),
    top1Intervals: intervals(population.top1),
    top1PerMember: population.top1PerMember,
  };
}

function comparisonJson(comparison: Comparison, ids: readonly string[]): ComparisonJson {
  const { modalCie, taxicab, jaccard, accuracy } = comparison;
  const named = (indices: Uint32Array): readonly string[] => Array.from(indices, (x) => ids[x]!);
  const scores = (values: Float64Array) => Object.fromEntries(ids.map((id, x) => [id, values[x]!]));
  const cies = modalCie.indices.length;
  const isLabel = (row: RepresentationRow): boolean => Object.hasOwn(row.group, TRUE_LABEL);
  return {
    modalCie: {
      count: cies,
      countInterval: interval(modalCie.count.members),
      countIntervals: intervals(modalCie.count),
      ids: named(modalCie.indices),
      tiedIds: named(modalCie.tieDependentIndices),
    },
    taxicab: { scores: scores(taxicab.scores), ranking: named(taxicab.ranking) },
    jaccard: { scores: scores(jaccard.scores) },
    accuracy: {
      all: accuracyJson(accuracy.all),
      modalCie: accuracyJson(accuracy.modalCie),
      nonModalCie: accuracyJson(accuracy.nonModalCie),
      taxicab: Object.fromEntries(Object.entries(accuracy.taxicab).map(([p, row]) => [p, accuracyJson(row)])),
    },
    accuracyCurve: comparison.accuracyCurve.map((point) => ({
      percentile: point.percentile,
      ...accuracyJson(point),
    })),
    subgroups: comparison.subgroups.map(subgroupJson),
    equalizedOddsBias: Object.fromEntries(
      Object.entries(comparison.equalizedOddsBias).map(([attribute, { baseline, compressed }]) => [
        attribute,
        { baseline, compressed },
      ]),
    ),
    representation: comparison.representation
      .filter((row) => !isLabel(row))
      .map((row) => representationJson(row, cies)),
    labelRepresentation: comparison.representation.filter(isLabel).map((row) => representationJson(row, cies)),
    associations: comparison.associations,
    ...deepJson(comparison),
  };
}

function subgroupJson(row: SubgroupRow): ComparisonJson['subgroups'][number] {
  const { change, baselineRates, compressedRates, ...plain } = row;
  return {
    ...plain,
    normalizedDifferenceInterval: eachRate(change, ({ percent }) => interval(percent.both)),
    uncertainty: {
      baseline: eachRate(baselineRates, intervals),
      compressed: eachRate(compressedRates, intervals),
      difference: eachRate(change, ({ difference }) => ({
        value: difference.both.value,
        ...intervals(difference),
      })),
      normalizedDifference: eachRate(change, ({ percent }) => intervals(percent)),
      tests: eachRate(change, ({ tests }) => tests),
    },
  };
}

function eachRate<A, B>({ error, fpr, fnr }: Rates<A>, make: (rate: A) => B): Rates<B> {
  return { error: make(error), fpr: make(fpr), fnr: make(fnr) };
}

function accuracyJson(row: AccuracyRow): AccuracyJson {
  return {
    n: row.n,
    baseline: row.baseline,
    compressed: row.compressed,
    baselineInterval: interval(row.baselineEstimate.members),
    compressedInterval: interval(row.compressedEstimate.members),
    baselineIntervals: intervals(row.baselineEstimate),
    compressedIntervals: intervals(row.compressedEstimate),
  };
}

function representationJson(row: RepresentationRow, cies: number): RepresentationJson {
  return {
    group: row.group,
    share: row.share,
    cieShare: row.cieShare,
    cieShareInterval: interval(wilson(row.cieCount, cies)),
    cieCount: row.cieCount,
    overIndexRatio: row.overIndexRatio,
    overIndexRatioIntervals: intervals(row.ratio),
    oddsRatio: row.oddsRatio.value,
    oddsRatioInterval: interval(row.oddsRatio),
  };
}
