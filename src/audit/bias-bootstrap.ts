import type { RandomStream } from '#lib/random.ts';
import { NOT_CERTAIN, type Uncertain } from './crossed.ts';
import type { PopulationErrors } from './accuracy.ts';
import { standardDeviation, Z } from './intervals.ts';
import type { Features } from './features.ts';
import type { AuditExamples } from './predictions.ts';
import { drawMembers } from './resampling.ts';
import { BiasRepeater, type Repeats, type Side } from './bias-repeats.ts';
import type { AttributeBias, BiasIntervals } from './result.ts';

const MOST_REPEATS = 300;
const FEWEST_REPEATS = 100;
/** Steps of the inner loop for one level: bounds the time of large audits, which then get fewer repeats. */
const BUDGET = 4e8;

/** A population and the names of its members. */
export interface BiasSide extends PopulationErrors {
  readonly members: readonly string[];
}

/**
 * The intervals of every attribute's equalized-odds bias in two populations, by a hierarchical bootstrap: members are drawn
 * with replacement (pairs of the same seed at once), and so are examples, each Poisson(1) times and the same times in both
 * populations; or only one of the two. `biases` are the values of the audit; those not estimable stay so. Sums of absolute
 * differences only grow with noise, so a repeat lies above its truth by as much as the value does on average: the interval is
 * the value less that excess (mean of the repeats - value), +- 1.96 standard errors, stretched to hold the value, from 0.
 */
export function* biasIntervals(
  examples: AuditExamples,
  features: Features,
  positive: number,
  baseline: BiasSide,
  compressed: BiasSide,
  biases: Readonly<Record<string, AttributeBias>>,
  random: RandomStream,
): Generator<undefined, Readonly<Record<string, BiasIntervals>>> {
  const known = examples.attributes.flatMap(({ name }, attribute) =>
    biases[name]?.baseline != null && biases[name].compressed !== null ? [attribute] : [],
  );
  const cost = baseline.wrong.examples.length + compressed.wrong.examples.length;
  const repeats = Math.round(
    Math.min(MOST_REPEATS, Math.max(FEWEST_REPEATS, BUDGET / (1 + cost * (1 + known.length / 8)))),
  );
  const draws = drawMembers(baseline.members, compressed.members, repeats, random);
  const repeater = new BiasRepeater(examples, features, positive, known, baseline, compressed);
  const enough = baseline.members.length > 1 && compressed.members.length > 1;
  const overExamples = repeater.repeats(null, true, repeats, random);
  yield;
  const overMembers = enough ? repeater.repeats(draws, false, repeats, random) : null;
  yield;
  const kinds = {
    examples: overExamples,
    members: overMembers,
    both: enough ? repeater.repeats(draws, true, repeats, random) : null,
  };
  const around = (value: number, attribute: number, side: Side): Uncertain => {
    const of = (found: Repeats | null) => {
      if (found === null) return { value, low: null, high: null };
      const values = found[side][attribute]!;
      const half = Z * standardDeviation(values);
      const excess = side === 'change' ? 0 : Math.max(0, values.reduce((sum, one) => sum + one, 0) / repeats - value);
      const least = side === 'change' ? -Infinity : 0;
      return { value, low: Math.max(least, value - excess - half), high: Math.max(value, value - excess + half) };
    };
    return { examples: of(kinds.examples), members: of(kinds.members), both: of(kinds.both) };
  };
  return Object.fromEntries(
    examples.attributes.map(({ name }) => {
      const attribute = known.findIndex((one) => examples.attributes[one]!.name === name);
      if (attribute < 0) return [name, { baseline: NOT_CERTAIN, compressed: NOT_CERTAIN, change: NOT_CERTAIN }];
      const [before, after] = [biases[name]!.baseline!, biases[name]!.compressed!];
      return [
        name,
        {
          baseline: around(before, attribute, 'baseline'),
          compressed: around(after, attribute, 'compressed'),
          change: around(after - before, attribute, 'change'),
        },
      ];
    }),
  );
}
