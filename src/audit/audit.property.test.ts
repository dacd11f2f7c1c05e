import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit } from './audit.ts';
import { auditJson, auditText } from './audit-json.ts';
import type { Population, PredictionTable } from './predictions.ts';
import type { AuditOptions, AuditResult, Comparison } from './result.ts';

const OPTIONS: AuditOptions = { positive: 'c0', tieRule: 'largest-class', seed: 7, percentiles: [90, 50], minCount: 1 };

/** Tables of 1 to 25 examples, 2 to 4 classes, two attributes with missing values, populations of 1 to 6 members. */
const tables = fc
  .record({ examples: fc.integer({ min: 1, max: 25 }), classes: fc.integer({ min: 2, max: 4 }) })
  .chain(({ examples, classes }) => {
    const codes = (min: number, max: number) =>
      fc.array(fc.integer({ min, max }), { minLength: examples, maxLength: examples });
    const members = fc.array(codes(0, classes - 1), { minLength: 1, maxLength: 6 });
    return fc
      .record({
        labels: codes(0, classes - 1),
        first: codes(-1, 2),
        second: codes(-1, 1),
        baseline: members,
        level: members,
      })
      .map(({ labels, first, second, baseline, level }): PredictionTable => ({
        examples: {
          ids: labels.map((_, i) => `id ${String(i)}`),
          classes: Array.from({ length: classes }, (_, i) => `c${String(i)}`),
          labels: Uint16Array.from(labels),
          attributes: [
            { name: 'first', values: ['x', 'y', 'z'], codes: Int16Array.from(first) },
            { name: 'second', values: ['0', '1'], codes: Int16Array.from(second) },
          ],
        },
        baseline: population('baseline', baseline),
        compressed: [population('level', level)],
      }));
  });

function population(name: string, members: readonly (readonly number[])[]): Population {
  return { name, members: members.map((_, i) => `seed ${String(i)}`), predictions: Uint8Array.from(members.flat()) };
}

/** The same population with its members in reverse. */
function reversed({ name, members, predictions }: Population): Population {
  const examples = predictions.length / members.length;
  return {
    name,
    members: members.toReversed(),
    predictions: Uint8Array.from(
      members
        .toReversed()
        .flatMap((_, k) => [
          ...predictions.subarray((members.length - 1 - k) * examples, (members.length - k) * examples),
        ]),
    ),
  };
}

/** The same table with the classes in reverse order; names and what they mean stay. */
function withClassesReversed(table: PredictionTable): PredictionTable {
  const last = table.examples.classes.length - 1;
  const flip = (of: Population): Population => ({ ...of, predictions: of.predictions.map((code) => last - code) });
  return {
    examples: {
      ...table.examples,
      classes: table.examples.classes.toReversed(),
      labels: table.examples.labels.map((code) => last - code),
    },
    baseline: flip(table.baseline),
    compressed: table.compressed.map(flip),
  };
}

const comparisonOf = (result: AuditResult) => result.comparisons[0]!;

describe('an audit of any table', () => {
  it('does not depend on the order of the members, intervals and ties included', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const turned = { ...table, baseline: reversed(table.baseline), compressed: table.compressed.map(reversed) };
        const sorted = (t: PredictionTable) => {
          const json = auditJson(audit(t, OPTIONS), t.examples);
          const populations = Object.entries(json.populations).map(([name, p]) => [
            name,
            p.members,
            round(p.top1),
            p.top1PerMember.toSorted(),
          ]);
          return JSON.stringify({ ...json, populations }, (_, value: unknown) =>
            typeof value === 'number' ? round(value) : value,
          );
        };
        expect(sorted(turned)).toBe(sorted(table));
      }),
      { numRuns: 40 },
    );
  });

  it('does not depend on the order of the classes, but for what a tie decides', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const [as, turned] = [table, withClassesReversed(table)].map((t) => comparisonOf(audit(t, OPTIONS)));
        expect(turned!.taxicab.scores).toEqual(as!.taxicab.scores);
        expect(turned!.jaccard.scores).toEqual(as!.jaccard.scores);
        expect(turned!.taxicab.ranking).toEqual(as!.taxicab.ranking);
        const untied = ({ subgroups }: Comparison) =>
          subgroups.map(({ agreement, ...row }) => ({
            ...row,
            jitter: agreement.jitter,
            stability: agreement.stability,
          }));
        expect(untied(turned!)).toEqual(untied(as!));
        expect(turned!.equalizedOddsBias).toEqual(as!.equalizedOddsBias);
        expect(turned!.modalCie.tieDependentIndices).toEqual(as!.modalCie.tieDependentIndices);
        const tieDependent = new Set(as!.modalCie.tieDependentIndices);
        const settled = (indices: Uint32Array) => [...indices].filter((x) => !tieDependent.has(x));
        expect(settled(turned!.modalCie.indices)).toEqual(settled(as!.modalCie.indices));
      }),
      { numRuns: 40 },
    );
  });

  it('is written piece by piece as it is written at once', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const result = audit(table, OPTIONS);
        const text = [...auditText(result, table.examples)].join('');
        expect(text).toBe(`${JSON.stringify(auditJson(result, table.examples))}\n`);
      }),
      { numRuns: 10 },
    );
  });

  it('finds nothing between equal populations', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const same = { ...table, compressed: [{ ...table.baseline, name: 'level' }] };
        const { modalCie, taxicab, jaccard, subgroups } = comparisonOf(audit(same, OPTIONS));
        expect(modalCie.indices.length).toBe(0);
        expect(Math.max(...taxicab.scores, ...jaccard.scores)).toBe(0);
        for (const { normalizedDifference } of subgroups) {
          for (const value of Object.values(normalizedDifference)) expect([0, null]).toContain(value);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('ranks by Jaccard as by Taxicab', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const { taxicab, jaccard } = comparisonOf(audit(table, OPTIONS));
        for (const [i, x] of taxicab.ranking.entries()) {
          const y = taxicab.ranking[i + 1];
          if (y === undefined) break;
          expect(taxicab.scores[x]).toBeGreaterThanOrEqual(taxicab.scores[y]!);
          expect(Math.sign(jaccard.scores[x]! - jaccard.scores[y]!)).toBe(
            Math.sign(taxicab.scores[x]! - taxicab.scores[y]!),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps rates within [0,1], scores within their range, and never gives NaN or infinity', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const result = audit(table, OPTIONS);
        const { taxicab, subgroups, modalCie } = comparisonOf(result);
        expect(taxicab.scores.every((score) => score >= 0 && score <= 2)).toBe(true);
        for (const { baseline, compressed } of subgroups) {
          for (const rate of [...Object.values(baseline), ...Object.values(compressed)] as (number | null)[]) {
            expect(rate === null || (rate >= 0 && rate <= 1)).toBe(true);
          }
        }
        expect(modalCie.count.both.low ?? 0).toBeLessThanOrEqual(modalCie.indices.length);
        expect(modalCie.count.both.high ?? Infinity).toBeGreaterThanOrEqual(modalCie.indices.length);
        const json = auditJson(result, table.examples);
        expect(JSON.parse(JSON.stringify(json))).toEqual(json);
      }),
      { numRuns: 40 },
    );
  });
});

function round(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(10));
}
