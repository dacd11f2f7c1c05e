import type { Agreement } from './agreement.ts';
import type { Uncertain } from './crossed.ts';
import { normalizedDifferences } from './normalized-difference.ts';
import type { AuditNumbers, AuditResult, Change, Comparison, Rates, SubgroupNumbers, SubgroupRow } from './result.ts';
import { AGREEMENT, MCNEMAR, NUMBERS, RATE, readNumber, readUncertain, TESTS } from './subgroup-layout.ts';

/** An audit from what crossed threads. The rows of a level are made when they are first read. */
export function resultOf({ subgroups, comparisons, ...numbers }: AuditNumbers): AuditResult {
  return {
    ...numbers,
    comparisons: comparisons.map((comparison, level): Comparison => {
      const rows = once(() => subgroupRows(subgroups, level));
      return {
        ...comparison,
        get subgroups() {
          return rows();
        },
      };
    }),
  };
}

/** A comparison with some of it changed; rows that are not made yet stay so. */
export function changedComparison(comparison: Comparison, change: Partial<Omit<Comparison, 'subgroups'>>): Comparison {
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(comparison)) as Comparison;
  return Object.assign(copy, change);
}

/** The subgroup table of a level as objects. What is in a row is made when it is first read: few of thousands of rows are. */
function subgroupRows({ groups, sizes, levels }: SubgroupNumbers, level: number): readonly SubgroupRow[] {
  const numbers = levels[level]!;
  return groups.map((group, at) => {
    const row = at * NUMBERS;
    const rates = (side: number): Rates => eachRate(row, (rate) => readNumber(numbers, rate + side));
    const uncertain = (side: number): Rates<Uncertain> => eachRate(row, (rate) => readUncertain(numbers, rate + side));
    const plain = once(() => ({ baseline: rates(RATE.baseline), compressed: rates(RATE.compressed) }));
    const normalizedDifference = once(() => normalizedDifferences(plain().baseline, plain().compressed));
    const baselineRates = once(() => uncertain(RATE.baseline));
    const compressedRates = once(() => uncertain(RATE.compressed));
    const change = once(() => eachRate(row, (rate) => changeOf(numbers, rate)));
    const agreement = once(() => agreementOf(numbers, row));
    return {
      group,
      ...sizes[at]!,
      get baseline() {
        return plain().baseline;
      },
      get compressed() {
        return plain().compressed;
      },
      get normalizedDifference() {
        return normalizedDifference();
      },
      get baselineRates() {
        return baselineRates();
      },
      get compressedRates() {
        return compressedRates();
      },
      get change() {
        return change();
      },
      get agreement() {
        return agreement();
      },
    };
  });
}

function once<T extends object>(make: () => T): () => T {
  let made: T | null = null;
  return () => (made ??= make());
}

function eachRate<T>(row: number, read: (at: number) => T): Rates<T> {
  return { error: read(row), fpr: read(row + RATE.length), fnr: read(row + 2 * RATE.length) };
}

function changeOf(numbers: Float64Array, rate: number): Change {
  const test = (which: number): number | null => readNumber(numbers, rate + RATE.tests + which);
  return {
    difference: readUncertain(numbers, rate + RATE.difference),
    percent: readUncertain(numbers, rate + RATE.percent),
    tests: {
      both: test(TESTS.both),
      members: test(TESTS.members),
      holm: test(TESTS.holm),
      benjaminiHochberg: test(TESTS.benjaminiHochberg),
    },
  };
}

function agreementOf(numbers: Float64Array, row: number): Agreement {
  const read = (place: number): number | null => readNumber(numbers, row + place);
  const [statistic, degrees, p] = [read(MCNEMAR), read(MCNEMAR + 1), read(MCNEMAR + 2)];
  return {
    jitter: { baseline: read(AGREEMENT), compressed: read(AGREEMENT + 1) },
    stability: { baseline: read(AGREEMENT + 2), compressed: read(AGREEMENT + 3) },
    onlyBaselineWrong: read(AGREEMENT + 4)!,
    onlyCompressedWrong: read(AGREEMENT + 5)!,
    mcNemar: statistic === null || degrees === null || p === null ? null : { statistic, degrees, p },
    mcNemarHolm: read(MCNEMAR + 3),
  };
}
