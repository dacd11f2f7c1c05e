import { stream } from '#lib/random.ts';
import { accuracyOf, type PopulationErrors } from './accuracy.ts';
import { unrest, type Unrest } from './agreement.ts';
import { counterpartsOf } from './counterparts.ts';
import { errorProfile, jointProfile, type ErrorProfile } from './error-sums.ts';
import { featuresOf, type Features } from './features.ts';
import type { AuditExamples, Population, PredictionTable } from './predictions.ts';
import { readPredictions, type WrongPredictions } from './rates.ts';
import type { AuditOptions, PopulationSummary } from './result.ts';
import { memberViews, modalLabels } from './votes.ts';

/** A population as the steps of an audit see it. */
export interface Audited extends PopulationErrors {
  readonly population: Population;
  readonly unrest: Unrest;
  readonly summary: PopulationSummary;
}

/** A level with what its uncertainty needs. */
export interface PreparedLevel {
  readonly level: Audited;
  readonly partners: readonly number[] | null;
  /** Of pairs of members; null where members are no pairs. */
  readonly joint: ErrorProfile | null;
}

/** Votes and errors of every population: where every step of an audit begins. */
export interface PreparedTable {
  readonly examples: AuditExamples;
  readonly options: AuditOptions;
  readonly features: Features;
  /** Index of the positive class. */
  readonly positive: number;
  readonly baseline: Audited;
  readonly levels: readonly PreparedLevel[];
}

/**
 * Counts votes and errors. Throws where the table breaks its contract: a positive class that is no class, a population without
 * members, a matrix of the wrong size.
 */
export function prepareTable(
  { examples, baseline, compressed }: PredictionTable,
  options: AuditOptions,
): PreparedTable {
  const positive = examples.classes.indexOf(options.positive);
  if (positive < 0) throw new Error(`the positive class "${options.positive}" is not one of the classes`);
  const first = prepare(baseline, examples, positive, options);
  const levels = compressed.map((population): PreparedLevel => {
    const level = prepare(population, examples, positive, options);
    const partners = counterpartsOf(baseline.members, population.members);
    const joint = partners && jointProfile(first.wrong, level.wrong, partners, examples.labels.length);
    return { level, partners, joint };
  });
  return { examples, options, features: featuresOf(examples), positive, baseline: first, levels };
}

function prepare(population: Population, examples: AuditExamples, positive: number, options: AuditOptions): Audited {
  const count = examples.labels.length;
  if (population.members.length === 0 || population.predictions.length !== population.members.length * count) {
    throw new Error(`population "${population.name}" does not hold one prediction for each member and example`);
  }
  const views = memberViews(population, count);
  const { wrong, votes } = readPredictions(views, examples.labels, positive, examples.classes.length);
  const ties = stream(options.seed, 'modal-ties', population.name);
  const profile = errorProfile(wrong, count);
  return {
    population,
    wrong,
    profile,
    unrest: unrest(votes, examples.classes.length, population.members.length),
    summary: {
      name: population.name,
      members: population.members.length,
      top1: accuracyOf({ wrong, profile }, count),
      top1PerMember: accuracyPerMember(wrong, count),
      votes,
      ...modalLabels(votes, examples.classes.length, options.tieRule, ties),
    },
  };
}

/** Top-1 accuracy of every member; empty without examples. */
function accuracyPerMember({ members, starts }: WrongPredictions, count: number): number[] {
  if (count === 0) return [];
  return Array.from({ length: members }, (_, k) => (count - (starts[k + 1]! - starts[k]!)) / count);
}
