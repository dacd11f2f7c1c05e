import { stream } from '#lib/random.ts';
import { meanAndPercentiles } from './intervals.ts';
import { countCies, dissentsOf, packVotes, type Dissents } from './packed-votes.ts';
import type { AuditExamples, Population } from './predictions.ts';
import { drawHalves, sameNames } from './resampling.ts';
import type { AuditOptions, Estimate, NullControl } from './result.ts';
import { memberViews } from './votes.ts';

const REPEATS = 20;
const FEWEST_MEMBERS = 4;

/** A population by its dissents. */
export interface PackedPopulation {
  readonly name: string;
  readonly members: readonly string[];
  readonly dissents: Dissents;
}

export function packPopulation({ name, members, predictions }: Population, examples: AuditExamples): PackedPopulation {
  const views = memberViews({ name, members, predictions }, examples.labels.length);
  return { name, members, dissents: dissentsOf(views, examples.classes.length) };
}

/**
 * How many CIE are there without any compression? Repeatedly the baseline is cut into two disjoint random halves A and B:
 * `baseline` counts the CIE of A against B, `levels` those of A against as many members of the level. Where the level has the
 * baseline's members by name these are the counterparts of B, so that the two counts differ by the compression alone; else
 * they are drawn at random. The excess over the baseline's count, split by split, is what compression adds.
 *
 * Counts over random halves spread as the count of all members does over other members (the delete-half jackknife: Shao & Wu
 * 1989), so their percentiles are an interval over members.
 *
 * Returns null below four baseline members; a level with fewer members than a half is not estimable.
 */
export function nullControl(
  baseline: PackedPopulation,
  compressed: readonly PackedPopulation[],
  options: Pick<AuditOptions, 'seed' | 'tieRule'>,
): NullControl | null {
  if (baseline.members.length < FEWEST_MEMBERS) return null;
  const half = Math.floor(baseline.members.length / 2);
  const halves = stream(options.seed, 'null-control');
  const splits = Array.from({ length: REPEATS }, () => drawHalves(baseline.members, half, halves));

  const against = (other: PackedPopulation, weightsOf: (second: Uint16Array) => Uint16Array): Float64Array => {
    if (other.members.length < half) return new Float64Array();
    const ties = stream(options.seed, 'null-control-ties', other.name);
    const packed = packVotes(baseline.dissents, other.dissents);
    return Float64Array.from(splits, ([first, second]) =>
      countCies(packed, first, weightsOf(second), options.tieRule, ties),
    );
  };
  const own = against(baseline, (second) => second);
  const counts = compressed.map((level) => {
    const random = stream(options.seed, 'null-control', level.name);
    const isPaired = sameNames(baseline.members, level.members);
    const found = against(level, (second) =>
      isPaired ? counterparts(baseline, level, second) : drawSome(level.members, half, random),
    );
    return [level.name, found] as const;
  });
  const estimates = (of: (count: number, split: number) => number): Readonly<Record<string, Estimate>> =>
    Object.fromEntries(counts.map(([name, found]) => [name, meanAndPercentiles(found.map(of))]));

  return {
    halves: half,
    baseline: meanAndPercentiles(own),
    levels: estimates((count) => count),
    excess: estimates((count, split) => count - own[split]!),
  };
}

/** The weights of the baseline's members, on the level's members of the same name. */
function counterparts(baseline: PackedPopulation, level: PackedPopulation, weights: Uint16Array): Uint16Array {
  const weightByName = new Map(baseline.members.map((name, i) => [name, weights[i]!]));
  return Uint16Array.from(level.members, (name) => weightByName.get(name) ?? 0);
}

function drawSome(members: readonly string[], count: number, random: ReturnType<typeof stream>): Uint16Array {
  return drawHalves(members, count, random)[0];
}
