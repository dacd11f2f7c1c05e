import type { RandomStream } from '#lib/random.ts';
import type { PopulationErrors } from './accuracy.ts';
import { equalizedOddsBias } from './equalized-odds.ts';
import type { Features } from './features.ts';
import type { AuditExamples } from './predictions.ts';
import type { MemberDraws } from './resampling.ts';

export type Side = 'baseline' | 'compressed' | 'change';
/** [attribute][repeat]. */
export type Repeats = Readonly<Record<Side, readonly Float64Array[]>>;

/** What is summed in a cell: how often its examples are drawn, and their errors in each population. */
const DRAWN = 0;
const WIDTH = 3;

/**
 * Draws the biases of attributes in two populations again and again. Of the examples only those on which some member errs are
 * drawn one by one; how often the others are drawn together is one number a group. An example adds to the cells of its features
 * (features.ts), [feature or everyone, side, WIDTH], where the side tells negatives from positives.
 */
export class BiasRepeater {
  private readonly examples: AuditExamples;
  private readonly features: Features;
  private readonly positive: number;
  /** Which attributes. */
  private readonly attributes: readonly number[];
  private readonly populations: readonly PopulationErrors[];
  /** Examples with an error of the positive class against the rest. */
  private readonly erring: Uint32Array;
  /** [erring + 1] where its cells begin: everyone of its side, then its features. */
  private readonly starts: Uint32Array;
  private readonly cells: Uint32Array;
  /** [population] its errors: where each member's begin, and their places in `erring`. */
  private readonly errors: readonly { readonly starts: Uint32Array; readonly places: Uint32Array }[];
  /** [attribute][2 value + side] examples, and those among them on which nobody errs. */
  private readonly sizes: readonly Float64Array[];
  private readonly calm: readonly Float64Array[];

  constructor(
    examples: AuditExamples,
    features: Features,
    positive: number,
    attributes: readonly number[],
    baseline: PopulationErrors,
    compressed: PopulationErrors,
  ) {
    this.examples = examples;
    this.features = features;
    this.positive = positive;
    this.attributes = attributes;
    this.populations = [baseline, compressed];
    const { labels } = examples;
    const errs = (x: number): boolean => baseline.profile.binary[x]! + compressed.profile.binary[x]! > 0;
    this.erring = Uint32Array.from(labels.keys()).filter(errs);
    const placeOf = new Uint32Array(labels.length);
    this.erring.forEach((x, place) => (placeOf[x] = place));
    this.errors = this.populations.map(({ wrong }) => {
      const starts = new Uint32Array(wrong.members + 1);
      const places = new Uint32Array(wrong.examples.length);
      let count = 0;
      for (let k = 0; k < wrong.members; k++) {
        for (let i = wrong.starts[k]!; i < wrong.starts[k + 1]!; i++)
          if (wrong.kinds[i] !== 0) places[count++] = placeOf[wrong.examples[i]!]!;
        starts[k + 1] = count;
      }
      return { starts, places: places.slice(0, count) };
    });
    const cells: number[] = [];
    this.starts = new Uint32Array(this.erring.length + 1);
    this.erring.forEach((x, place) => {
      const side = labels[x] === positive ? 1 : 0;
      cells.push(side * WIDTH);
      for (let j = features.starts[x]!; j < features.starts[x + 1]!; j++)
        cells.push((2 * (features.list[j]! + 1) + side) * WIDTH);
      this.starts[place + 1] = cells.length;
    });
    this.cells = Uint32Array.from(cells);
    this.sizes = this.sizesOf(Uint32Array.from(labels.keys()));
    const erring = this.sizesOf(this.erring);
    this.calm = this.sizes.map((all, i) => all.map((size, slot) => size - erring[i]![slot]!));
  }

  /** Draws members (null: takes all once), and examples or not. Members and examples are drawn the same for both populations. */
  repeats(members: MemberDraws | null, drawsExamples: boolean, count: number, random: RandomStream): Repeats {
    const arrays = () => this.attributes.map(() => new Float64Array(count));
    const found = { baseline: arrays(), compressed: arrays(), change: arrays() };
    const times = new Uint16Array(this.erring.length).fill(1);
    const errors = this.populations.map(() => new Float64Array(this.erring.length));
    const sums = new Float64Array(2 * (this.features.count + 1) * WIDTH);
    for (let repeat = 0; repeat < count; repeat++) {
      this.countErrors(0, members?.baseline ?? null, repeat, errors[0]!);
      this.countErrors(1, members?.compressed ?? null, repeat, errors[1]!);
      if (drawsExamples) for (let i = 0; i < times.length; i++) times[i] = poissonOne(random);
      this.sum(times, errors, sums);
      this.attributes.forEach((attribute, a) => {
        const calm = drawsExamples ? this.calm[a]!.map((left) => poisson(left, random)) : this.calm[a]!;
        const before = this.biasOf(attribute, a, sums, calm, 0);
        const after = this.biasOf(attribute, a, sums, calm, 1);
        found.baseline[a]![repeat] = before;
        found.compressed[a]![repeat] = after;
        found.change[a]![repeat] = after - before;
      });
    }
    return found;
  }

  /** [attribute][2 value + side] how many of the listed examples. */
  private sizesOf(list: Uint32Array): readonly Float64Array[] {
    return this.attributes.map((attribute) => {
      const { values, codes } = this.examples.attributes[attribute]!;
      const counts = new Float64Array(2 * values.length);
      for (const x of list)
        if (codes[x]! >= 0) counts[2 * codes[x]! + (this.examples.labels[x] === this.positive ? 1 : 0)]!++;
      return counts;
    });
  }

  /** [erring] errors of a population, its members counted as often as drawn. */
  private countErrors(population: 0 | 1, draws: Uint16Array | null, repeat: number, into: Float64Array): void {
    const { starts, places } = this.errors[population]!;
    const members = starts.length - 1;
    into.fill(0);
    for (let k = 0; k < members; k++) {
      const weight = draws === null ? 1 : draws[repeat * members + k]!;
      if (weight === 0) continue;
      const end = starts[k + 1]!;
      for (let i = starts[k]!; i < end; i++) into[places[i]!]! += weight;
    }
  }

  private sum(times: Uint16Array, [first, second]: readonly Float64Array[], into: Float64Array): void {
    into.fill(0);
    const { starts, cells } = this;
    for (let i = 0; i < times.length; i++) {
      const drawn = times[i]!;
      if (drawn === 0) continue;
      const before = drawn * first![i]!;
      const after = drawn * second![i]!;
      const end = starts[i + 1]!;
      for (let j = starts[i]!; j < end; j++) {
        const cell = cells[j]!;
        into[cell]! += drawn;
        into[cell + 1]! += before;
        into[cell + 2]! += after;
      }
    }
  }

  /** The bias of one population; a group that is not drawn has rates of 0. */
  private biasOf(attribute: number, place: number, sums: Float64Array, calm: Float64Array, population: 0 | 1): number {
    const features = this.features;
    const members = this.populations[population]!.wrong.members;
    const own = features.own[attribute]!;
    const cellOf = (feature: number, side: number, what: number): number =>
      sums[(2 * (feature + 1) + side) * WIDTH + what]!;
    const read = (value: number, side: number, what: number): number => {
      const feature = features.featureOf[attribute]![value]!;
      if (feature >= 0) return cellOf(feature, side, what);
      let rest = cellOf(-1, side, what);
      for (const other of own) rest -= cellOf(other, side, what);
      return rest;
    };
    const sizes = this.sizes[place]!;
    const groups: { readonly fpr: number; readonly fnr: number }[] = [];
    for (let value = 0; 2 * value < sizes.length; value++) {
      if (sizes[2 * value]! + sizes[2 * value + 1]! === 0) continue;
      const rate = (side: 0 | 1): number => {
        const drawn = calm[2 * value + side]! + read(value, side, DRAWN);
        return drawn === 0 ? 0 : read(value, side, 1 + population) / drawn / members;
      };
      groups.push({ fpr: rate(0), fnr: rate(1) });
    }
    return equalizedOddsBias(groups) ?? 0;
  }
}

const NONE = Math.exp(-1);

/** A draw from the Poisson distribution of mean 1. */
function poissonOne(random: RandomStream): number {
  let count = 0;
  for (let product = random.next(); product > NONE; product *= random.next()) count++;
  return count;
}

/** A draw from the Poisson distribution; from a mean of 30 on the rounded normal one. */
function poisson(mean: number, random: RandomStream): number {
  if (mean >= 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  let count = 0;
  for (let product = random.next(), floor = Math.exp(-mean); product > floor; product *= random.next()) count++;
  return count;
}
