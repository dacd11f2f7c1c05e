import { expect, test } from 'vitest';
import { labelsCsv } from './labels-csv.ts';

test('writes one row a label, and disarms cells that a spreadsheet would run', () => {
  const row = { exampleId: 'f1', label: 'ambiguous', reviewer: '=HYPERLINK("x")', time: '2026-01-01T00:00:00Z' };
  expect(labelsCsv([row, { ...row, exampleId: 'a,"b"', reviewer: 'Ana' }])).toBe(
    'example_id,label,reviewer,time\n' +
      'f1,ambiguous,"\'=HYPERLINK(""x"")",2026-01-01T00:00:00Z\n' +
      '"a,""b""",ambiguous,Ana,2026-01-01T00:00:00Z\n',
  );
});

test('no labels give the header alone', () => {
  expect(labelsCsv([])).toBe('example_id,label,reviewer,time\n');
});
