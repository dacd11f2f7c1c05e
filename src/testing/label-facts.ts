import fc from 'fast-check';
import type { LabelFact } from '#sources/formats/label-fact.ts';

/** Texts that formats like to break: formulas, quotes, separators, line ends, other scripts. */
const text = fc.oneof(
  fc.constantFrom(
    'a',
    'quality=3',
    'young=@no',
    "'",
    "'=1",
    '=1+1',
    '-x',
    'a,"b"\nc',
    ' two ',
    'müde, 疲れた',
    '\tx',
    'a|b;c',
  ),
  fc.string({ minLength: 1, maxLength: 12 }).filter((value) => !value.includes('\r')),
);
const labels = fc.uniqueArray(fc.constantFrom('ambiguous', 'quality=3', '=wrong'), { maxLength: 3 });

/** Facts of a log: each event has one uuid. */
export const labelFacts: fc.Arbitrary<readonly LabelFact[]> = fc
  .array(
    fc.record({
      exampleId: text,
      reviewer: text,
      time: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-02T03:04:05.678Z'),
      action: fc.oneof(
        fc.record(
          { kind: fc.constant('add' as const), label: text, only: fc.constant(true as const) },
          { requiredKeys: ['kind', 'label'] },
        ),
        fc.record(
          { kind: fc.constant('note' as const), text, question: fc.constantFrom('why', 'what-else') },
          { requiredKeys: ['kind', 'text'] },
        ),
        fc.record({ kind: fc.constant('settle' as const), labels }),
      ),
      queue: fc.option(fc.constant('q1'), { nil: undefined }),
    }),
    { maxLength: 8 },
  )
  .map((facts) =>
    facts.map(({ queue, ...fact }, i) => ({
      ...fact,
      event: { uuid: `u${String(i)}`, sequence: i + 1, ...(queue === undefined ? {} : { queue }) },
    })),
  );
