import type { AuditExamples, Population, PredictionTable } from './predictions.ts';

/** What the audit needs of a trained member. */
export interface FinishedMember {
  readonly key: { readonly level: string; readonly index: number };
  /** [audit example] predicted class. */
  readonly predictions: Uint16Array;
  /** [audit example] probability of the positive class, as codes. */
  readonly probabilities?: Uint16Array;
  readonly diverged: boolean;
}

/** The members of each level as a population, in the order of their indices, which name them. Diverged ones are left out. */
export function levelPopulations(
  levels: readonly string[],
  members: readonly FinishedMember[],
  { ids }: AuditExamples,
): readonly Population[] {
  return levels.map((level) => populationOf(level, members, ids.length));
}

function populationOf(level: string, members: readonly FinishedMember[], examples: number): Population {
  const own = members
    .filter((member) => member.key.level === level && !member.diverged)
    .sort((a, b) => a.key.index - b.key.index);
  const predictions = new Uint16Array(own.length * examples);
  own.forEach((member, i) => {
    predictions.set(member.predictions, i * examples);
  });
  const population = { name: level, members: own.map((member) => String(member.key.index)), predictions };
  const likely = own.flatMap((member) => member.probabilities ?? []);
  if (likely.length < own.length || own.length === 0) return population;
  const probabilities = new Uint16Array(own.length * examples);
  likely.forEach((codes, i) => {
    probabilities.set(codes, i * examples);
  });
  return { ...population, probabilities };
}

/**
 * The table of what trained members predict, with probabilities in the populations of which every member has them. Levels with
 * fewer than `leastMembers` members are left out; null where the baseline has fewer.
 */
export function memberTable(
  baseline: string,
  levels: readonly string[],
  members: Iterable<FinishedMember>,
  examples: AuditExamples,
  leastMembers = 1,
): PredictionTable | null {
  const [first, ...others] = levelPopulations([baseline, ...levels], [...members], examples);
  if (first!.members.length < leastMembers) return null;
  return { examples, baseline: first!, compressed: others.filter((other) => other.members.length >= leastMembers) };
}
