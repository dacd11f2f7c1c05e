import { describe, expect, it } from 'vitest';
import type { PredictionTable } from '#audit/predictions.ts';
import type { Result } from '#lib/result.ts';
import { writtenTable } from '#testing/prediction-table.ts';
import { examplesCsv, readExamplesCsv, type ExamplesTable } from './examples-csv.ts';
import { compactForm, compactPredictions, readMembersCsv } from './members-csv.ts';
import { readNpy, writeNpy } from './npy.ts';
import { predictionTable } from './prediction-table.ts';
import { predictionRows, predictionsCsv, readPredictionsCsv } from './predictions-csv.ts';
import { decodeText } from './text.ts';

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}
const examplesOf = (text: string): ExamplesTable => valueOf(readExamplesCsv([text], 'E.csv'));
const fromRows = (examples: ExamplesTable, text: string): PredictionTable =>
  valueOf(predictionTable(examples, valueOf(readPredictionsCsv([text], 'P.csv', examples))));
/** The same predictions whether they are held in bytes or in words. */
const plain = (table: PredictionTable) => ({
  ...table,
  baseline: { ...table.baseline, predictions: [...table.baseline.predictions] },
  compressed: table.compressed.map((level) => ({ ...level, predictions: [...level.predictions] })),
});

const TABLE = writtenTable({
  labels: 'abcab',
  attributes: { 'a, "quoted" name': 'xy-xy', plain: '01100' },
  baseline: ['abcaa', 'abcbb'],
  levels: { 'pruned-0.9': ['abbab'], 'hybrid-int8': ['cccab', 'aaaaa', 'abcab'] },
});

describe('a prediction table', () => {
  it('comes back from examples.csv and predictions.csv as it was', () => {
    const back = fromRows(examplesOf(examplesCsv(TABLE.examples)), [...predictionsCsv(TABLE.examples, [TABLE.baseline, ...TABLE.compressed])].join(''));
    expect(plain(back)).toEqual(plain(TABLE));
    expect(predictionRows(TABLE.examples, [TABLE.baseline, ...TABLE.compressed])).toBe(30);
  });

  it('comes back from the compact form as it was', () => {
    const { matrix, members } = compactForm(TABLE)!;
    const examples = examplesOf(examplesCsv(TABLE.examples));
    const read = valueOf(readNpy(writeNpy(matrix), 'P.npy'));
    const predictions = valueOf(
      compactPredictions(read, 'P.npy', valueOf(readMembersCsv([members], 'M.csv')), examples),
    );
    expect(plain(valueOf(predictionTable(examples, predictions)))).toEqual(plain(TABLE));
  });

  it('has no compact form where a predicted class is nobody’s label', () => {
    expect(compactForm(writtenTable({ labels: 'aa', baseline: ['ab'], levels: { p: ['aa'] } }))).toBeNull();
  });

  it('keeps ids that look like numbers, formulas or object keys, verbatim', () => {
    const ids = ['001', '1', '=1+1', '__proto__', ' spaced ', 'constructor'];
    const examples = examplesOf(`example_id,true_label\n${ids.map((id) => `${id},0`).join('\n')}\n`);
    const rows = ['baseline', 'p'].flatMap((name) => ids.map((id) => `${name},0,${id},1`));
    const table = fromRows(examples, `population,member,example_id,predicted_label\n${rows.join('\n')}\n`);
    expect(table.examples.ids).toEqual(ids);
    expect(table.examples.classes).toEqual(['0', '1']);
  });

  it('takes as values of an attribute those of the audited rows, sorted as text', () => {
    const examples = examplesOf('example_id,true_label,split,age\na,0,train,7\nb,0,Test,10\nc,1, test ,9\nd,1,test,\n');
    const rows = ['baseline', 'p'].flatMap((name) => ['b', 'c', 'd'].map((id) => `${name},0,${id},1`));
    const table = fromRows(examples, `population,member,example_id,predicted_label\n${rows.join('\n')}\n`);
    expect(table.examples).toMatchObject({
      ids: ['b', 'c', 'd'],
      attributes: [{ name: 'age', values: ['10', '9'], codes: Int16Array.of(0, 1, -1) }],
    });
  });

  it('refuses an attribute with a value for almost every example', () => {
    const rows = Array.from({ length: 1200 }, (_, i) => `e${String(i)},0,${String(i)}`);
    const read = readExamplesCsv([`example_id,true_label,height\n${rows.join('\n')}\n`], 'E.csv');
    expect(read.ok ? '' : read.problem.message).toMatch(/^E\.csv, row 1003, column height: more than 1000/u);
    expect(readExamplesCsv([`example_id,true_label,height\n${rows.join('\n')}\n`], 'E.csv', []).ok).toBe(true);
  });
});

describe('text from bytes', () => {
  const utf16 = (text: string, isBig: boolean) =>
    Uint8Array.from(
      [...`\uFEFF${text}`].flatMap((char) => {
        const code = char.charCodeAt(0);
        return isBig ? [code >> 8, code & 255] : [code & 255, code >> 8];
      }),
    );
  it.each([
    ['UTF-8', new TextEncoder().encode('id,é😀\n')],
    ['UTF-8 with a mark', new TextEncoder().encode('\uFEFFid,é😀\n')],
  ])('is read as %s, cut anywhere', (_, bytes) => {
    expect([...decodeText(Array.from(bytes, (byte) => Uint8Array.of(byte)))].join('')).toBe('id,é😀\n');
  });
  it.each([
    ['little-endian', false],
    ['big-endian', true],
  ])('is read as %s UTF-16 by its mark', (_, isBig) => {
    expect([...decodeText([utf16('id,é\n', isBig)])].join('')).toBe('id,é\n');
  });
  it('is empty for no bytes, and marks what is no text', () => {
    expect([...decodeText([])].join('')).toBe('');
    expect([...decodeText([Uint8Array.of(97, 0xff, 98)])].join('')).toBe('a\uFFFDb');
  });
});
