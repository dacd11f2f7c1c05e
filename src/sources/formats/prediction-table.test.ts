import { describe, expect, it } from 'vitest';
import type { Population, PredictionTable } from '#audit/predictions.ts';
import { codeOfProbability } from '#lib/log-odds.ts';
import type { Result } from '#lib/result.ts';
import { writtenTable } from '#testing/prediction-table.ts';
import { examplesCsv, readExamplesCsv, type ExamplesTable } from './examples-csv.ts';
import { compactForm, compactPredictions, readMembersCsv } from './members-csv.ts';
import { readNpy, readNpyFloats, writeNpy } from './npy.ts';
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

/** The same with probabilities of all members but one, and of all. */
const likelyPopulation = (population: Population): Population => ({
  ...population,
  probabilities: Uint16Array.from(population.predictions, (_, i) => (i * 9973) % 45_000),
});
const [PRUNED, HYBRID] = TABLE.compressed;
const LIKELY = {
  ...TABLE,
  baseline: likelyPopulation(TABLE.baseline),
  compressed: [likelyPopulation(PRUNED!), HYBRID!],
};
/** float32 keeps codes apart up to about 0.9999. */
const ALL_LIKELY = { ...LIKELY, compressed: TABLE.compressed.map(likelyPopulation) };

describe('a prediction table', () => {
  it('comes back from examples.csv and predictions.csv as it was', () => {
    const back = fromRows(
      examplesOf(examplesCsv(TABLE.examples)),
      [...predictionsCsv(TABLE.examples, [TABLE.baseline, ...TABLE.compressed])].join(''),
    );
    expect(plain(back)).toEqual(plain(TABLE));
    expect(predictionRows(TABLE.examples, [TABLE.baseline, ...TABLE.compressed])).toBe(30);
  });

  it('comes back with attributes that are called as its other columns are', () => {
    const { examples } = writtenTable({
      labels: 'abc',
      attributes: {
        split: 'xyx',
        true_label: 'xyx',
        example_id: 'xxy',
        'attribute:split': 'xyy',
        'attribute:x': 'xyx',
      },
      baseline: ['abc'],
      levels: { p: ['abc'] },
    });
    const text = examplesCsv(examples);
    expect(text.split('\n')[0]).toBe(
      'example_id,true_label,attribute:split,attribute:true_label,attribute:example_id,attribute:attribute:split,attribute:x',
    );
    const table = examplesOf(text);
    expect(table.splits).toBeNull();
    expect(table.attributes.map(({ name, cells }) => [name, cells.join('')])).toEqual([
      ['split', 'xyx'],
      ['true_label', 'xyx'],
      ['example_id', 'xxy'],
      ['attribute:split', 'xyy'],
      ['attribute:x', 'xyx'],
    ]);
    expect(valueOf(readExamplesCsv([text], 'E.csv', ['split'])).attributes.map(({ name }) => name)).toEqual(['split']);
    expect(readExamplesCsv([examplesCsv(TABLE.examples)], 'E.csv', ['split']).ok).toBe(false);
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

  it('comes back with its probabilities from both forms, where every member has all', () => {
    const text = [...predictionsCsv(LIKELY.examples, [LIKELY.baseline, ...LIKELY.compressed])].join('');
    expect(text.split('\n').slice(0, 2)).toEqual([
      'population,member,example_id,predicted_label,probability',
      'baseline,0,e1,a,1.1256e-7',
    ]);
    expect(text).toContain('hybrid-int8,2,e5,b,\n');
    const [back] = [fromRows(examplesOf(examplesCsv(LIKELY.examples)), text)];
    expect(plain(back)).toEqual(plain(LIKELY));
    const { probabilities, ...whole } = compactForm(ALL_LIKELY)!;
    const examples = examplesOf(examplesCsv(ALL_LIKELY.examples));
    const likely = { matrix: valueOf(readNpyFloats(writeNpy(probabilities!), 'Q.npy')), file: 'Q.npy' };
    const members = valueOf(readMembersCsv([whole.members], 'M.csv'));
    const read = valueOf(compactPredictions(whole.matrix, 'P.npy', members, examples, likely));
    expect(plain(valueOf(predictionTable(examples, read)))).toEqual(plain(ALL_LIKELY));
    expect(compactForm(LIKELY)!.probabilities).toBeNull();
  });

  it('has no probabilities where one row of a member lacks its own', () => {
    const examples = examplesOf('example_id,true_label\na,0\nb,1\n');
    const rows = ['baseline,0,a,0,0.1', 'baseline,0,b,1,1', 'p,0,a,1,', 'p,0,b,1,7e-1'];
    const read = fromRows(examples, `population,member,example_id,predicted_label,probability\n${rows.join('\n')}\n`);
    expect(read.baseline.probabilities).toEqual(Uint16Array.from([0.1, 1], codeOfProbability));
    expect(read.compressed[0]!.probabilities).toBeUndefined();
  });

  it.each([
    [
      { rows: 1, columns: 2, data: Float32Array.of(0, 1) },
      'Q.npy, row 1, column header: the shape is (1, 2), expected (2, 2)',
    ],
    [
      { rows: 2, columns: 2, data: Float64Array.of(0, 1, 0.5, 1.25) },
      'Q.npy, row 2, column 2: 1.25 for the example "b" is not a probability, expected a number from 0 to 1',
    ],
    [
      { rows: 2, columns: 2, data: Float32Array.of(0, NaN, 0.5, 1) },
      'Q.npy, row 1, column 2: NaN for the example "b" is not a probability',
    ],
  ])('refuses probabilities that do not fit or are none: %#', (matrix, says) => {
    const examples = examplesOf('example_id,true_label\na,0\nb,1\n');
    const classes = { rows: 2, columns: 2, data: Uint8Array.of(0, 1, 1, 1) };
    const members = valueOf(readMembersCsv(['population,member\nbaseline,0\np,0\n'], 'M.csv'));
    const read = compactPredictions(classes, 'P.npy', members, examples, { matrix, file: 'Q.npy' });
    expect(read.ok ? '' : read.problem.message).toContain(says);
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
