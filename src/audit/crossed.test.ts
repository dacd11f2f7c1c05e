import { describe, expect, it } from 'vitest';
import { uncertainChange, uncertainRate } from '#audit/crossed.ts';
import { wilson } from '#audit/intervals.ts';
import { stream, type RandomStream } from '#lib/random.ts';

/** Errors [member][example] as sums. */
function sumsOf(errors: readonly Uint8Array[]) {
  const n = errors[0]!.length;
  let squares = 0;
  for (let x = 0; x < n; x++) squares += errors.reduce((sum, member) => sum + member[x]!, 0) ** 2;
  return { perMember: errors.map((member) => member.reduce((sum, e) => sum + e, 0)), squares };
}
function products(a: readonly Uint8Array[], b: readonly Uint8Array[]): number {
  let sum = 0;
  for (let x = 0; x < a[0]!.length; x++)
    sum += a.reduce((s, member) => s + member[x]!, 0) * b.reduce((s, member) => s + member[x]!, 0);
  return sum;
}
const joint = (a: readonly Uint8Array[], b: readonly Uint8Array[]): number =>
  a.reduce((sum, member, k) => sum + member.reduce((s, e, x) => s + e * b[k]![x]!, 0), 0);

/** Difficult and easy examples, lucky and unlucky members: errors with the logit shift + example + member effects. */
function world(random: RandomStream, members: number, n: number, shifts: readonly number[]) {
  const hard = Float64Array.from({ length: n }, () => 1.2 * random.normal());
  const luck = Float64Array.from({ length: members }, () => 0.3 * random.normal());
  return shifts.map((shift) =>
    Array.from({ length: members }, (_, k) =>
      Uint8Array.from({ length: n }, (__, x) =>
        random.next() < 1 / (1 + Math.exp(-(shift + hard[x]! + luck[k]!))) ? 1 : 0,
      ),
    ),
  );
}

/** The expected error of that world, by integration over many effects. */
function expected(shift: number): number {
  const random = stream(99, 'truth');
  let sum = 0;
  const draws = 400_000;
  for (let i = 0; i < draws; i++) sum += 1 / (1 + Math.exp(-(shift + 1.2 * random.normal() + 0.3 * random.normal())));
  return sum / draws;
}

describe('uncertainRate', () => {
  it('over members is Student on a two-way table worked by hand; one member leaves examples alone', () => {
    const errors = [Uint8Array.of(1, 0, 0, 1), Uint8Array.of(1, 0, 0, 0)];
    const both = uncertainRate(sumsOf(errors), 4);
    expect(both.both.value).toBe(0.375);
    // example means 1, 0, 0, 0.5: variance 0.2292; member means 0.5, 0.25: variance 0.03125
    // sums of squares: 3 - 8 x 0.1406 = 1.875 in all, 1.375 rows, 0.125 columns, 0.375 rest / 3 = 0.125
    // variance of the mean: 0.2292 / 4 + 0.03125 / 2 - 0.125 / 8 = 0.0573, which is that over examples
    const alone = uncertainRate(sumsOf([errors[0]!]), 4);
    expect(alone.members).toEqual({ value: 0.5, low: null, high: null });
    expect(alone.both.low).toBeNull();
    expect(alone.examples.low).not.toBeNull();
    expect(both.examples.low).toBeGreaterThan(0);
    // that of 4.09 examples; 3.97 degrees of freedom, so 2.79 standard errors
    expect(both.both.low).toBeCloseTo(0.0567, 3);
    expect(both.both.high).toBeCloseTo(0.857, 3);
  });

  it('without any error is close to the interval of Wilson', () => {
    const errors = Array.from({ length: 10 }, () => new Uint8Array(200));
    const { both } = uncertainRate(sumsOf(errors), 200);
    expect(both.low).toBe(0);
    expect(both.high).toBeGreaterThanOrEqual(wilson(0, 200).high!);
  });

  it('is not estimable without examples or members', () => {
    expect(uncertainRate({ perMember: [0, 0], squares: 0 }, 0).both.value).toBeNull();
    expect(uncertainRate({ perMember: [], squares: 0 }, 5).both.value).toBeNull();
  });

  it.each([
    [-2.5, 10, 150],
    [-1, 10, 60],
    [-3.2, 20, 300],
    [0, 5, 100],
  ])('covers the truth as often as it says: shift %f, %i members, %i examples', (shift, members, n) => {
    const random = stream(5, 'coverage', String(shift));
    const truth = expected(shift);
    const worlds = 700;
    let covered = 0;
    for (let i = 0; i < worlds; i++) {
      const [errors] = world(random, members, n, [shift]);
      const { low, high } = uncertainRate(sumsOf(errors!), n).both;
      if (low! <= truth && truth <= high!) covered++;
    }
    expect(covered / worlds).toBeGreaterThan(0.93);
    expect(covered / worlds).toBeLessThan(0.975);
  });

  it('covers beta-binomial rates when only examples are drawn', () => {
    const random = stream(6, 'beta-binomial');
    const worlds = 700;
    let covered = 0;
    for (let i = 0; i < worlds; i++) {
      // Beta(1, 4) by Johnk's inverse: the error probability of an example, mean 0.2; ten members
      const chances = Float64Array.from({ length: 120 }, () => 1 - random.next() ** (1 / 4));
      const errors = Array.from({ length: 10 }, () =>
        Uint8Array.from(chances, (chance) => (random.next() < chance ? 1 : 0)),
      );
      const { low, high } = uncertainRate(sumsOf(errors), 120).examples;
      if (low! <= 0.2 && 0.2 <= high!) covered++;
    }
    expect(covered / worlds).toBeGreaterThan(0.93);
    expect(covered / worlds).toBeLessThan(0.97);
  });
});

describe('uncertainChange', () => {
  it('covers the change, and rejects no change in about 5 % of worlds without one', () => {
    const random = stream(7, 'change');
    const truth = 100 * (expected(-1.6) / expected(-2.2) - 1);
    const worlds = 700;
    let covered = 0;
    let rejected = 0;
    for (let i = 0; i < worlds; i++) {
      const [before, same, worse] = world(random, 10, 200, [-2.2, -2.2, -1.6]);
      const change = (after: readonly Uint8Array[]) =>
        uncertainChange(sumsOf(before!), sumsOf(after), products(before!, after), joint(before!, after), 200);
      const { low, high } = change(worse!).percent.both;
      if (low! <= truth && truth <= high!) covered++;
      if (change(same!).percent.p! < 0.05) rejected++;
    }
    expect(covered / worlds).toBeGreaterThan(0.925);
    expect(covered / worlds).toBeLessThan(0.975);
    expect(rejected / worlds).toBeLessThan(0.065);
  });

  it('says what it cannot estimate', () => {
    const none = { perMember: [0, 0], squares: 0 };
    const some = { perMember: [1, 2], squares: 5 };
    expect(uncertainChange(none, some, 0, 0, 10).percent.both.value).toBeNull();
    expect(uncertainChange(none, some, 0, 0, 10).difference.both.value).toBeCloseTo(0.15);
    expect(uncertainChange(some, none, 0, 0, 10).percent.both).toEqual({ value: -100, low: null, high: null });
    expect(uncertainChange(some, none, 0, null, 0).difference.p).toBeNull();
    expect(uncertainChange(none, none, 0, 0, 10).difference.p).toBeNull();
  });

  it('is wider without pairs, and does not depend on the order of members', () => {
    const random = stream(8, 'pairs');
    const [before, after] = world(random, 6, 80, [-1.5, -1]);
    const cross = products(before!, after!);
    const paired = uncertainChange(sumsOf(before!), sumsOf(after!), cross, joint(before!, after!), 80).difference.both;
    const apart = uncertainChange(sumsOf(before!), sumsOf(after!), cross, null, 80).difference.both;
    expect(apart.high! - apart.low!).toBeGreaterThan(paired.high! - paired.low!);
    const turned = uncertainChange(
      sumsOf(before!.toReversed()),
      sumsOf(after!.toReversed()),
      cross,
      joint(before!, after!),
      80,
    ).difference.both;
    expect(turned.high).toBeCloseTo(paired.high!, 12);
  });
});
