import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { featuresOf } from '#audit/features.ts';
import { GroupIndex } from '#audit/group-index.ts';

const column = (name: string, values: readonly string[], codes: readonly number[]) => ({
  name,
  values,
  codes: Int16Array.from(codes),
});

describe('GroupIndex', () => {
  it('sums as going over every group does, with missing, unused and many values', () => {
    const row = fc.tuple(
      fc.integer({ min: -1, max: 1 }),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: -1, max: 2 }),
      fc.integer({ min: 0, max: 1 }),
      fc.integer({ min: 0, max: 5 }),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const attributes = [
          column(
            'A',
            ['0', '1'],
            rows.map((one) => one[0]),
          ),
          column(
            'B',
            ['p', 'q', 'r', 's', 'unused'],
            rows.map((one) => one[1]),
          ),
          column(
            'C',
            ['x', 'y', 'z'],
            rows.map((one) => one[2]),
          ),
        ];
        const labels = Uint16Array.from(rows, (one) => one[3]);
        const index = new GroupIndex({ attributes, labels }, featuresOf({ attributes, labels }), 1);
        const list = Uint32Array.from(rows.keys()).filter((x) => x % 3 !== 0);
        const weights = Float64Array.from(Array.from(list, (x) => [rows[x]![4], x, 1]).flat());
        const sums = index.sums(list, weights);
        const inside = (group: Readonly<Record<string, string>>, x: number): boolean =>
          Object.entries(group).every(([name, value]) => {
            const own = attributes.find((one) => one.name === name)!;
            return own.values[own.codes[x]!] === value;
          });
        for (const [at, group] of index.groups.entries()) {
          const members = rows.flatMap((_, x) => (inside(group, x) ? [x] : []));
          const positives = members.filter((x) => labels[x] === 1).length;
          expect(index.sizes[at]).toEqual({ n: members.length, positives, negatives: members.length - positives });
          const listed = members.filter((x) => x % 3 !== 0);
          expect([...sums.subarray(3 * at, 3 * at + 3)]).toEqual([
            listed.reduce((all, x) => all + rows[x]![4], 0),
            listed.reduce((all, x) => all + x, 0),
            listed.length,
          ]);
        }
        // every value is listed, and every pair of values that occurs
        const pairs = new Set<string>();
        for (const x of rows.keys())
          for (const [i, a] of attributes.entries())
            for (const b of attributes.slice(i + 1))
              if (a.codes[x]! >= 0 && b.codes[x]! >= 0)
                pairs.add(`${a.name}${String(a.codes[x])}${b.name}${String(b.codes[x])}`);
        expect(index.groups).toHaveLength(1 + 2 + 5 + 3 + pairs.size);
      }),
      { numRuns: 200 },
    );
  });
});
