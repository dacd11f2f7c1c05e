import type { RandomStream } from '#lib/random.ts';
import { NOT_CERTAIN, type Uncertain } from './crossed.ts';
import type { PopulationErrors } from './accuracy.ts';
import { equalizedOddsBias } from './equalized-odds.ts';
import { standardDeviation, Z } from './intervals.ts';
import type { AuditExamples } from './predictions.ts';
import { drawMembers, type MemberDraws } from './resampling.ts';
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
export function biasIntervals(
  examples: AuditExamples,
  positive: number,
  baseline: BiasSide,
  compressed: BiasSide,
  biases: Readonly<Record<string, AttributeBias>>,
  random: RandomStream,
): Readonly<Record<string, BiasIntervals>> {
  const known = examples.attributes.filter(
    ({ name }) => biases[name]?.baseline != null && biases[name].compressed !== null,
  );
  const cost = baseline.wrong.examples.length + compressed.wrong.examples.length;
  const repeats = Math.round(
    Math.min(MOST_REPEATS, Math.max(FEWEST_REPEATS, BUDGET / (1 + cost * (1 + known.length / 8)))),
  );
  const draws = drawMembers(baseline.members, compressed.members, repeats, random);
  const layout = layOut(examples, positive, known, baseline, compressed);
  const run = (members: MemberDraws | null, drawsExamples: boolean) =>
    layout.repeats(members, drawsExamples, repeats, random);
  const enough = baseline.members.length > 1 && compressed.members.length > 1;
  const kinds = {
    examples: run(null, true),
    members: enough ? run(draws, false) : null,
    both: enough ? run(draws, true) : null,
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
      const attribute = known.findIndex((one) => one.name === name);
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

type Side = 'baseline' | 'compressed' | 'change';
/** [attribute][repeat]. */
type Repeats = Readonly<Record<Side, readonly Float64Array[]>>;

/** Where every error of the two populations counts, and what is drawn from it. */
function layOut(
  { labels }: AuditExamples,
  positive: number,
  attributes: AuditExamples['attributes'],
  baseline: BiasSide,
  compressed: BiasSide,
) {
  const erring = Uint32Array.from(
    Array.from(labels.keys()).filter((x) => baseline.profile.binary[x]! + compressed.profile.binary[x]! > 0),
  );
  const placeOf = new Int32Array(labels.length).fill(-1);
  erring.forEach((x, place) => (placeOf[x] = place));
  /** Slot 2 g of a group is its negatives, 2 g + 1 its positives; [attribute][erring], -1 where the value is missing. */
  const slots = attributes.map(({ codes }) =>
    Int32Array.from(erring, (x) => (codes[x]! < 0 ? -1 : 2 * codes[x]! + (labels[x] === positive ? 1 : 0))),
  );
  const sizes = attributes.map(({ values, codes }) => {
    const counts = new Float64Array(2 * values.length);
    codes.forEach((code, x) => {
      if (code >= 0) counts[2 * code + (labels[x] === positive ? 1 : 0)]!++;
    });
    return counts;
  });
  const calm = sizes.map((counts, a) => {
    const rest = counts.slice();
    for (const slot of slots[a]!) if (slot >= 0) rest[slot]!--;
    return rest;
  });

  /** [erring] errors of a population, its members counted as often as drawn. */
  const errorsOf = ({ wrong, profile }: BiasSide, weights: Uint16Array | null, into: Float64Array): void => {
    if (weights === null) {
      erring.forEach((x, place) => (into[place] = profile.binary[x]!));
      return;
    }
    into.fill(0);
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k]!;
      if (weight === 0) continue;
      for (let i = wrong.starts[k]!; i < wrong.starts[k + 1]!; i++)
        if (wrong.kinds[i] !== 0) into[placeOf[wrong.examples[i]!]!]! += weight;
    }
  };

  const biasOf = (sums: Float64Array, drawn: Float64Array, own: Float64Array, members: number): number => {
    const groups: { readonly fpr: number; readonly fnr: number }[] = [];
    for (let g = 0; g < own.length; g += 2) {
      if (own[g]! + own[g + 1]! === 0) continue;
      const rate = (slot: number): number => (drawn[slot] === 0 ? 0 : sums[slot]! / drawn[slot]! / members);
      groups.push({ fpr: rate(g), fnr: rate(g + 1) });
    }
    return equalizedOddsBias(groups) ?? 0;
  };

  const repeats = (
    members: MemberDraws | null,
    drawsExamples: boolean,
    count: number,
    random: RandomStream,
  ): Repeats => {
    const found: Repeats = {
      baseline: attributes.map(() => new Float64Array(count)),
      compressed: attributes.map(() => new Float64Array(count)),
      change: attributes.map(() => new Float64Array(count)),
    };
    const sides = [baseline, compressed].map((side) => ({ side, errors: new Float64Array(erring.length) }));
    const times = new Float64Array(erring.length).fill(1);
    for (let repeat = 0; repeat < count; repeat++) {
      const weights = [members?.baseline, members?.compressed].map((all, i) => {
        const size = sides[i]!.side.members.length;
        return all?.subarray(repeat * size, (repeat + 1) * size) ?? null;
      });
      sides.forEach(({ side, errors }, i) => errorsOf(side, weights[i]!, errors));
      if (drawsExamples) for (let i = 0; i < times.length; i++) times[i] = poisson(1, random);
      attributes.forEach((_, a) => {
        const own = slots[a]!;
        const drawn = drawsExamples ? calm[a]!.map((left) => poisson(left, random)) : sizes[a]!;
        const sums = sides.map(() => new Float64Array(drawn.length));
        for (let i = 0; i < own.length; i++) {
          const slot = own[i]!;
          if (slot < 0) continue;
          if (drawsExamples) drawn[slot]! += times[i]!;
          sums[0]![slot]! += times[i]! * sides[0]!.errors[i]!;
          sums[1]![slot]! += times[i]! * sides[1]!.errors[i]!;
        }
        const [before, after] = sums.map((one, i) => biasOf(one, drawn, sizes[a]!, sides[i]!.side.members.length)) as [
          number,
          number,
        ];
        found.baseline[a]![repeat] = before;
        found.compressed[a]![repeat] = after;
        found.change[a]![repeat] = after - before;
      });
    }
    return found;
  };
  return { repeats };
}

/** A draw from the Poisson distribution; from a mean of 30 on the rounded normal one. */
function poisson(mean: number, random: RandomStream): number {
  if (mean >= 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  let count = 0;
  for (let product = random.next(), floor = Math.exp(-mean); product > floor; product *= random.next()) count++;
  return count;
}
