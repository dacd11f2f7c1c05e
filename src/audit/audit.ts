import { stream } from '#lib/random.ts';
import { accuracyPerMember, accuracyTable } from './accuracy.ts';
import { agreementByGroup, unrest, type AgreementInputs, type Unrest } from './agreement.ts';
import { cieCountEstimate } from './cie-count.ts';
import {
  errorProfile,
  groupSums,
  jointProfile,
  profilePair,
  type ErrorProfile,
  type ProfilePair,
} from './error-sums.ts';
import { jaccardScores, taxicabScores } from './distances.ts';
import { equalizedOddsBias } from './equalized-odds.ts';
import { studentOverMembers } from './intervals.ts';
import { modalCie } from './modal-cie.ts';
import { normalizedDifferences } from './normalized-difference.ts';
import { nullControl } from './null-control.ts';
import type { AuditExamples, Population, PredictionTable } from './predictions.ts';
import { rankByScore } from './ranking.ts';
import { countErrors, meanRates, wrongPredictions, type WrongPredictions } from './rates.ts';
import { representation } from './representation.ts';
import { drawMembers } from './resampling.ts';
import type { AuditOptions, AuditResult, Comparison, PopulationSummary, SubgroupRow } from './result.ts';
import { partitions } from './subgroups.ts';
import { correctChanges, partnersOf, uncertainChanges, uncertainRates } from './uncertainty.ts';
import { countVotes, memberViews, modalLabels, type MemberPredictions } from './votes.ts';

const CIE_COUNT_REPEATS = 200;

/** A population as the steps of an audit see it. */
interface Audited {
  readonly population: Population;
  readonly views: readonly MemberPredictions[];
  readonly wrong: WrongPredictions;
  readonly profile: ErrorProfile;
  readonly unrest: Unrest;
  readonly summary: PopulationSummary;
}

/**
 * Compares every compressed population with the baseline, by all measures. Deterministic in the table and the options; the
 * order of members and of classes changes nothing but what ties decide. Works without examples (every rate is then null).
 * Throws where the table breaks its contract: a positive class that is no class, a population without members, a matrix of
 * the wrong size.
 */
export function audit(table: PredictionTable, options: AuditOptions): AuditResult {
  const { examples } = table;
  const positive = examples.classes.indexOf(options.positive);
  if (positive < 0) throw new Error(`the positive class "${options.positive}" is not one of the classes`);
  const baseline = prepare(table.baseline, examples, positive, options);
  const levels = table.compressed.map((population) => {
    const level = prepare(population, examples, positive, options);
    const partners = partnersOf(table.baseline.members, population.members);
    const joint = partners && jointProfile(baseline.wrong, level.wrong, partners, examples.ids.length);
    return { level, partners, profiles: profilePair(baseline.profile, level.profile, joint) };
  });
  const subgroups = correctChanges(subgroupTables(examples, positive, baseline, levels, options.minCount));
  return {
    options,
    classes: examples.classes,
    examples: examples.ids.length,
    baseline: baseline.summary,
    comparisons: levels.map(({ level }, i) => compare(examples, baseline, level, subgroups[i]!, options)),
    nullControl: nullControl(examples, table.baseline, table.compressed, options),
  };
}

function prepare(population: Population, examples: AuditExamples, positive: number, options: AuditOptions): Audited {
  const count = examples.ids.length;
  if (population.members.length === 0 || population.predictions.length !== population.members.length * count) {
    throw new Error(`population "${population.name}" does not hold one prediction for each member and example`);
  }
  const views = memberViews(population, count);
  const votes = countVotes(views, count, examples.classes.length);
  const ties = stream(options.seed, 'modal-ties', population.name);
  const wrong = wrongPredictions(views, examples.labels, positive);
  const everyone = countErrors(wrong, new Int32Array(count), 1);
  const top1PerMember = accuracyPerMember(everyone, 0, count);
  return {
    population,
    views,
    wrong,
    profile: errorProfile(wrong, count),
    unrest: unrest(votes, examples.classes.length, population.members.length),
    summary: {
      name: population.name,
      members: population.members.length,
      top1: studentOverMembers(top1PerMember),
      top1PerMember,
      votes,
      ...modalLabels(votes, examples.classes.length, options.tieRule, ties),
    },
  };
}

/** A level with what its uncertainty needs. */
interface LevelOfTable {
  readonly level: Audited;
  readonly partners: readonly number[] | null;
  readonly profiles: ProfilePair;
}

/** The subgroup table of every level; partitions are the outer loop, so that only one is held at a time. */
function subgroupTables(
  examples: AuditExamples,
  positive: number,
  baseline: Audited,
  levels: readonly LevelOfTable[],
  minCount: number,
): readonly SubgroupRow[][] {
  const tables: SubgroupRow[][] = levels.map(() => []);
  for (const { groups, groupOf, sizes } of partitions(examples, positive)) {
    const baselineCounts = countErrors(baseline.wrong, groupOf, groups.length);
    const baselineRates = sizes.map((size, group) => meanRates(baselineCounts, group, size, minCount));
    for (const [i, { level, partners, profiles }] of levels.entries()) {
      const counts = countErrors(level.wrong, groupOf, groups.length);
      const agreements = agreementByGroup(agreementInputs(examples, baseline, level), groupOf, sizes);
      const sums = groupSums(profiles, groupOf, groups.length, examples.labels, positive);
      for (const [group, size] of sizes.entries()) {
        const compressed = meanRates(counts, group, size, minCount);
        const evidence = { group, size, minCount, baseline: baselineCounts, compressed: counts, sums, partners };
        tables[i]!.push({
          group: groups[group]!,
          ...size,
          baseline: baselineRates[group]!,
          compressed,
          normalizedDifference: normalizedDifferences(baselineRates[group]!, compressed),
          baselineRates: uncertainRates(evidence, 'baseline'),
          compressedRates: uncertainRates(evidence, 'compressed'),
          change: uncertainChanges(evidence),
          agreement: agreements[group]!,
        });
      }
    }
  }
  return tables;
}

function agreementInputs({ labels }: AuditExamples, baseline: Audited, compressed: Audited): AgreementInputs {
  const side = ({ summary, unrest: own }: Audited) => ({
    members: summary.members,
    modal: summary.modal,
    unrest: own,
  });
  return { labels, baseline: side(baseline), compressed: side(compressed) };
}

function compare(
  examples: AuditExamples,
  baseline: Audited,
  level: Audited,
  subgroups: readonly SubgroupRow[],
  options: AuditOptions,
): Comparison {
  const { name } = level.population;
  const classes = examples.classes.length;
  const sizes = [baseline.summary.members, level.summary.members] as const;
  const scores = taxicabScores(baseline.summary.votes, level.summary.votes, classes, ...sizes);
  const ranking = rankByScore(scores, stream(options.seed, 'taxicab-ties', name));
  const cies = modalCie(baseline.summary, level.summary, classes);
  const count = cieCountEstimate(
    cies.indices.length,
    baseline.views,
    level.views,
    classes,
    drawMembers(
      baseline.population.members,
      level.population.members,
      CIE_COUNT_REPEATS,
      stream(options.seed, 'bootstrap-members', name),
    ),
    options.tieRule,
    stream(options.seed, 'bootstrap-ties', name),
  );
  return {
    level: name,
    population: level.summary,
    modalCie: { ...cies, count },
    taxicab: { scores, ranking },
    jaccard: { scores: jaccardScores(baseline.summary.votes, level.summary.votes, classes, ...sizes) },
    accuracy: accuracyTable(baseline.wrong, level.wrong, cies.isCie, ranking, options.percentiles),
    subgroups,
    equalizedOddsBias: Object.fromEntries(
      examples.attributes.map((attribute) => {
        const rows = subgroups.filter((row) => row.n > 0 && isUnitary(row, attribute.name));
        return [
          attribute.name,
          {
            baseline: equalizedOddsBias(rows.map((row) => row.baseline)),
            compressed: equalizedOddsBias(rows.map((row) => row.compressed)),
          },
        ];
      }),
    ),
    representation: representation(examples, cies.isCie),
  };
}

function isUnitary(row: SubgroupRow, attribute: string): boolean {
  return Object.hasOwn(row.group, attribute) && Object.keys(row.group).length === 1;
}
