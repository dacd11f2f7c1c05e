import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { parseCsv, readCsv } from './csv.ts';

function table(text: string) {
  const parsed = parseCsv(text, 'a.csv');
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}
function refusal(text: string) {
  const parsed = parseCsv(text, 'a.csv');
  if (parsed.ok) throw new Error('it was read');
  return parsed.problem;
}

describe('a CSV table', () => {
  it.each([
    ['commas and LF', 'id,name\n1,a\n2,b\n'],
    ['no newline at the end', 'id,name\n1,a\n2,b'],
    ['CRLF', 'id,name\r\n1,a\r\n2,b\r\n'],
    ['CR alone', 'id,name\r1,a\r2,b\r'],
    ['a header with LF and rows with CRLF', 'id,name\n1,a\r\n2,b\r\n'],
    ['semicolons', 'id;name\n1;a\n2;b\n'],
    ['tabs', 'id\tname\n1\ta\n2\tb\n'],
    ['a byte-order mark', '\uFEFFid,name\n1,a\n2,b\n'],
    ['quotes around everything', '"id","name"\r\n"1","a"\r\n"2","b"\r\n'],
  ])('is read with %s', (_, text) => {
    expect(table(text)).toEqual({
      header: ['id', 'name'],
      rows: [
        ['1', 'a'],
        ['2', 'b'],
      ],
      rowNumbers: [2, 3],
    });
  });

  it('keeps cells verbatim: spaces, doubled quotes, delimiters and newlines inside quotes', () => {
    expect(table('a,b\n" x ","he said ""no"",\nand left"\n').rows).toEqual([[' x ', 'he said "no",\nand left']]);
  });

  it('leaves empty lines out but counts them', () => {
    expect(table('a,b\n\n1,2\n\n').rowNumbers).toEqual([3]);
  });

  it('takes a delimiter inside a quoted name for text', () => {
    expect(table('"a;b;c",d\n1,2\n').header).toEqual(['a;b;c', 'd']);
  });

  it.each([
    ['a repeated name', 'a,b,a\n1,2,3\n', 1, '3'],
    ['a repeated name after trimming', 'a, a\n1,2\n', 1, '2'],
    ['an empty name', 'a,,c\n1,2,3\n', 1, '2'],
    ['the name __proto__', 'a,__proto__\n1,2\n', 1, '2'],
    ['a short row', 'a,b\n1,2\n3\n', 3, 'b'],
    ['a long row', 'a,b\n1,2,3\n', 2, '3'],
    ['bytes that are not UTF-8', 'a,b\n1,2\n1,\uFFFD\n', 3, 'b'],
    ['UTF-16 read as bytes', 'a,b\n1,\u00002\n', 2, 'b'],
  ])('refuses %s with row and column', (_, text, row, column) => {
    const problem = refusal(text);
    expect(problem).toMatchObject({ file: 'a.csv', row, column });
    expect(problem.message).toMatch(new RegExp(`^a\\.csv, row ${String(row)}, column ${column}: .*expected`));
  });

  it.each([
    ['an unclosed quotation mark', 'a,b\n1,2\n3,"4\n', 3],
    ['a mark after a closed quotation', 'a,b\n1,"2"x\n', 2],
    ['an empty file', '', 1],
  ])('refuses %s with its row', (_, text, row) => {
    expect(refusal(text)).toMatchObject({ row });
  });

  it('refuses a row that never ends instead of holding it', () => {
    expect(refusal(`a,b\n1,"${'x'.repeat(9_000_000)}`).code).toBe('csv-long-row');
  });

  it('reads what Papa writes, however the text is cut into chunks', () => {
    const cell = fc.string({
      maxLength: 6,
      unit: fc.constantFrom('a', '1', ' ', '"', ',', ';', '\n', '\r', 'é', '😀'),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), fc.integer({ min: 1, max: 20 }), (rows, size) => {
        const text = Papa.unparse([['left', 'right'], ...rows], { newline: '\r\n', quotes: true });
        const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
          text.slice(i * size, (i + 1) * size),
        );
        const seen: (readonly string[])[] = [];
        const read = readCsv(chunks, 'a.csv', { onHeader: () => null, onRow: (cells) => (seen.push(cells), null) });
        expect(read).toEqual({ ok: true, value: rows.length });
        expect(seen).toEqual(rows);
      }),
    );
  });
});
