import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stream } from '#lib/random.ts';
import { quickAudit } from './audit.ts';
import { uncertainChange, uncertainRate, type ErrorSums } from './crossed.ts';
import { countCies, dissentsOf, packVotes } from './packed-votes.ts';
import type { Population, PredictionTable } from './predictions.ts';
import { prepareTable } from './prepared.ts';
import type { AuditOptions, Group } from './result.ts';
import { resultOf } from './subgroup-rows.ts';
import { memberViews } from './votes.ts';

/*
 * The audit sums over all groups at once, compares predictions by the word and keeps members as bits. Here every number is
 * counted again by going over examples and members one by one.
 */

const OPTIONS: AuditOptions = { positive: 'c1', tieRule: 'largest-class', seed: 3, percentiles: [], minCount: 2 };

/** 1 to 40 examples, 2 or 3 classes, attributes of 2 and 4 values with missing ones, populations of unequal size. */
const tables = fc
  .record({ examples: fc.integer({ min: 1, max: 40 }), classes: fc.integer({ min: 2, max: 3 }) })
  .chain(({ examples, classes }) => {
    const codes = (min: number, max: number) =>
      fc.array(fc.integer({ min, max }), { minLength: examples, maxLength: examples });
    const members = (most: number) => fc.array(codes(0, classes - 1), { minLength: 1, maxLength: most });
    const columns = { labels: codes(0, classes - 1), A: codes(-1, 1), B: codes(-1, 3), C: codes(0, 1) };
    return fc
      .record({ ...columns, baseline: members(5), level: members(40) })
      .map(({ labels, baseline, level, ...attributes }): PredictionTable => ({
        examples: {
          ids: labels.map(String),
          classes: ['c0', 'c1', 'c2'].slice(0, classes),
          labels: Uint16Array.from(labels),
          attributes: Object.entries(attributes).map(([name, own]) => ({
            name,
            values: name === 'B' ? ['p', 'q', 'r', 's'] : ['x', 'y'],
            codes: Int16Array.from(own),
          })),
        },
        baseline: population('baseline', baseline),
        compressed: [population('level', level)],
      }));
  });

const population = (name: string, members: readonly (readonly number[])[]): Population => ({
  name,
  members: members.map((_, k) => String(k)),
  predictions: Uint8Array.from(members.flat()),
});

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

it('finds what going over every example and member one by one finds', () => {
  fc.assert(
    fc.property(tables, (table) => {
      const { labels, attributes } = table.examples;
      const comparison = resultOf(quickAudit(prepareTable(table, OPTIONS))).comparisons[0]!;
      const populations = [table.baseline, table.compressed[0]!] as const;
      const predicted = populations.map((one) => memberViews(one, labels.length));
      const inside = (group: Group): number[] =>
        [...labels.keys()].filter((x) =>
          attributes.every(({ name, values, codes }) => !(name in group) || values[codes[x]!] === group[name]),
        );
      for (const row of comparison.subgroups) {
        const all = inside(row.group);
        const [positives, negatives] = [1, 0].map((side) => all.filter((x) => (labels[x] === 1 ? 1 : 0) === side));
        expect(row).toMatchObject({ n: all.length, positives: positives!.length, negatives: negatives!.length });
        for (const [measure, over] of [
          ['error', all],
          ['fpr', negatives!],
          ['fnr', positives!],
        ] as const) {
          const wrong = (label: number, x: number): boolean =>
            measure === 'error' ? label !== labels[x] : (label === 1) !== (labels[x] === 1);
          const errors = predicted.map((members) => members.map((own) => over.map((x) => +wrong(own[x]!, x))));
          const rates = errors.map((members) => sum(members.map(sum)) / over.length / members.length);
          if (over.length < OPTIONS.minCount) {
            expect([row.baseline[measure], row.compressed[measure]]).toEqual([null, null]);
            expect(row.change[measure].tests.both).toBeNull();
            continue;
          }
          expect(row.baseline[measure]).toBeCloseTo(rates[0]!, 12);
          expect(row.compressed[measure]).toBeCloseTo(rates[1]!, 12);
          const wrongOn = errors.map((members) => over.map((_, i) => sum(members.map((own) => own[i]!))));
          const sums = errors.map((members, side): ErrorSums => ({
            perMember: members.map(sum),
            squares: sum(wrongOn[side]!.map((own) => own ** 2)),
          })) as [ErrorSums, ErrorSums];
          expect(row.baselineRates[measure]).toEqual(uncertainRate(sums[0], over.length));
          expect(row.compressedRates[measure]).toEqual(uncertainRate(sums[1], over.length));
          const products = sum(over.map((_, i) => wrongOn[0]![i]! * wrongOn[1]![i]!));
          const paired = errors[0]!.length === errors[1]!.length;
          const joint = sum(errors[0]!.flatMap((own, k) => over.map((_, i) => own[i]! * (errors[1]![k]?.[i] ?? 0))));
          const { difference, percent } = uncertainChange(...sums, products, paired ? joint : null, over.length);
          const { p, ...plain } = difference;
          expect(row.change[measure].difference).toMatchObject(plain);
          expect(row.change[measure].tests.both).toBe(p);
          expect(row.change[measure].percent.both).toEqual(percent.both);
        }
      }
    }),
    { numRuns: 30 },
  );
});

it('counts CIE of weighted members as voting one by one does', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 80, maxLength: 80 });
  fc.assert(
    fc.property(tables, weights, (table, drawn) => {
      const { labels, classes } = table.examples;
      const populations = [table.baseline, table.compressed[0]!] as const;
      const own = populations.map(({ members }, side) =>
        Uint16Array.from(members, (_, k) => Math.max(drawn[40 * side + k]!, k === 0 ? 1 : 0)),
      ) as [Uint16Array, Uint16Array];
      const views = populations.map((one) => memberViews(one, labels.length));
      const modal = (side: 0 | 1, x: number): number => {
        const votes = classes.map((_, c) =>
          sum(views[side]!.map((labelsOf, k) => (labelsOf[x] === c ? own[side][k]! : 0))),
        );
        return votes.lastIndexOf(Math.max(...votes));
      };
      const expected = [...labels.keys()].filter((x) => modal(0, x) !== modal(1, x)).length;
      const [first, second] = views.map((one) => dissentsOf(one, classes.length));
      expect(countCies(packVotes(first!, second!), ...own, 'largest-class', stream(1))).toBe(expected);
    }),
    { numRuns: 100 },
  );
});
