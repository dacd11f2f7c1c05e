import { readFileSync } from 'node:fs';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { trainingData } from '#dataset/training-data.ts';
import { valueCounts } from '#dataset/overview.ts';
import type { Result } from '#lib/result.ts';
import { COMPAS_FILE, compasDataset } from './builtin/compas.ts';
import { HANDWRITING_FILES, handwritingDataset } from './builtin/handwriting.ts';
import { cellNumber, cellValue } from './cells.ts';
import { decodeText } from './files.ts';
import { finishDataset } from './finish.ts';
import { inspectFiles, type Held } from './inspect.ts';
import type { Mapping } from './source.ts';
import { readSplit } from './split-column.ts';
import { tableDataset } from './table.ts';

const file = (path: string, content: string | Uint8Array): { path: string; blob: Blob } => ({
  path,
  blob: new Blob([content as string | Uint8Array<ArrayBuffer>]),
});
const inspected = async (...files: Parameters<typeof inspectFiles>[0]): Promise<Held> =>
  valueOf(await inspectFiles(files, 't'));
function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}
const problemOf = (result: Result<unknown>): string => (result.ok ? 'no problem' : result.problem.message);
const shipped = (name: string): Uint8Array => readFileSync(new URL(`../../public/datasets/${name}`, import.meta.url));

describe('cells', () => {
  it('are missing when they say so, and numbers only when they are finite decimal ones', () => {
    expect(['', ' ? ', 'NA', 'n/a', 'NaN', 'NULL', ' x ', '0'].map(cellValue)).toEqual([
      '',
      '',
      '',
      '',
      '',
      '',
      'x',
      '0',
    ]);
    expect(['1', '-1.5', '.5', '2.', '1e3', '+7'].map(cellNumber)).toEqual([1, -1.5, 0.5, 2, 1000, 7]);
    expect(['', 'inf', '1e999', '0x10', '1,5', '1_000', '٣', '--1'].map(cellNumber)).toEqual(new Array(8).fill(null));
  });
  it('are decoded from UTF-16 and UTF-8', () => {
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x61, 0, 0xe9, 0))).toBe('aé');
    expect(decodeText(Uint8Array.of(0xfe, 0xff, 0, 0x61))).toBe('a');
    expect(decodeText(new TextEncoder().encode('a,é'))).toBe('a,é');
  });
});

describe('a split column', () => {
  const split = (...cells: string[]): number[] => [...valueOf(readSplit(cells, 'split', 'x.csv')).split];
  it('knows train, test and validation under their usual names', () => {
    expect(split('Train', ' test ', 'val', 'fit', 'other', '')).toEqual([0, 1, 2, 0, 2, 2]);
  });
  it('audits validation where there is no test, and reads 0, 1, 2 as CelebA does', () => {
    expect(split('train', 'validation')).toEqual([0, 1]);
    expect(split('0', '1', '2', '0')).toEqual([0, 2, 1, 0]);
  });
  it('is refused with file and column when a side is empty', () => {
    expect(problemOf(readSplit(['train', 'train'], 'part', 'x.csv'))).toBe(
      'x.csv, column part: no row is in the test split, expected the values train and test',
    );
    expect(problemOf(readSplit(['a', 'b'], 'part', 'x.csv'))).toContain('train split');
  });
});

describe('the inspection', () => {
  it('finds the table that names the pictures, in folders, without extension, whatever the case', async () => {
    const pictures = ['one.png', 'Two.JPG', 'deep/three.webp'].map((name) => file(`img/${name}`, 'x'));
    const held = await inspected(
      ...pictures,
      file('readme.csv', 'a,b\n1,2\n'),
      file(
        't/labels.csv',
        'index,picture,sex,dx,malignant,split\n0,ONE,f,a,0,train\n1,img/two.jpg,m,b,1,test\n2,three.webp,f,c,0,test\n',
      ),
      file('notes.txt', 'hi'),
      file('Thumbs.db', ''),
    );
    expect(held.inspection).toMatchObject({ kind: 'images', tableName: 't/labels.csv', rows: 3, images: 3 });
    expect(held.inspection.ignored).toEqual(['notes.txt', 'Thumbs.db', 'readme.csv']);
    expect(held.inspection.suggestion).toEqual({
      kind: 'images',
      image: 'picture',
      label: 'malignant',
      split: 'split',
      attributes: ['sex', 'dx'],
      size: 32,
    });
  });
  it('suggests every column of a table as an input but the label, ids, split and long texts', async () => {
    const rows = Array.from(
      { length: 120 },
      (_, i) =>
        `${String(i)},${String(i / 7)},${i % 2 ? 'f' : 'm'},word${String(i)},same,${String(i % 3)},${i % 5 ? 'train' : 'test'}`,
    );
    const { inspection } = await inspected(
      file('x.csv', `id,age,sex,text,const,class-label,split\n${rows.join('\n')}\n`),
    );
    expect(inspection.kind).toBe('table');
    expect(inspection.suggestion).toEqual({
      kind: 'table',
      label: 'class-label',
      split: 'split',
      attributes: ['sex'],
      inputs: ['age', 'sex'],
    });
    expect(inspection.columns[1]).toMatchObject({ name: 'age', distinct: 120, missing: 0, numeric: true });
    expect(inspection.columns[2]).toMatchObject({ samples: ['m', 'f'], numeric: false });
  });
  it('says what is missing', async () => {
    const of = async (...files: Parameters<typeof inspectFiles>[0]): Promise<string> =>
      problemOf(await inspectFiles(files, 't'));
    expect(await of()).toContain('No file');
    expect(await of(file('a.png', 'x'))).toContain('no CSV file that names them');
    expect(await of(file('a.txt', 'x'))).toContain('Neither a CSV table nor');
    expect(await of(file('a.png', 'x'), file('b.csv', 'c\nd\n'))).toContain('b.csv: no column names the pictures');
    expect(await of(file('b.csv', 'c,c\n1,2\n'))).toContain('b.csv, row 1');
    expect(await of(file('b.csv', 'c\n'))).toContain('no row below the header');
    expect(await of(file('b.zip', 'no zip'))).toContain('not a readable zip');
    expect(await of(file('a.zip', zipSync({ 'inner.zip': zipSync({ 'x.csv': new Uint8Array(3) }) })))).toContain(
      'Neither',
    );
  });
});

describe('the dataset of a table', () => {
  const MAPPING: Mapping = { kind: 'table', label: 'y', split: null, attributes: ['sex'], inputs: ['age', 'sex', 'y'] };
  const table = async (content: string): Promise<Held['table']> => (await inspected(file('t.csv', content))).table;

  it('has numbers, categories and missing cells as the file has them, and never the label as an input', async () => {
    const made = valueOf(tableDataset(await table('age,sex,y\n1.5,m,1\n?,f,0\n3,,1\n,f,NA\n'), MAPPING, 1));
    expect(made.features).toEqual({
      kind: 'table',
      numeric: [{ name: 'age', numbers: Float64Array.of(1.5, NaN, 3, NaN) }],
      categorical: ['sex'],
    });
    expect(made.columns.map((column) => [column.name, column.values, [...column.codes]])).toEqual([
      ['y', ['0', '1'], [1, 0, 1, -1]],
      ['sex', ['f', 'm'], [1, 0, -1, 0]],
    ]);
    expect(made.ids).toEqual(['row-2', 'row-3', 'row-4', 'row-5']);
    expect(made.question).toEqual({ target: 'y', positive: '1', attributes: ['sex'], minCount: 30 });
    expect(made.split.filter((part) => part === 0).length).toBe(3);
  });
  it('names row and column of a number that is none', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${i === 70 ? 'inf' : String(i)},m,${String(i % 2)}`);
    expect(problemOf(tableDataset(await table(`age,sex,y\n${rows.join('\n')}\n`), MAPPING, 1))).toBe(
      't.csv, row 72, column age: expected a finite number as in the other rows',
    );
  });
  it('refuses a label of one class, a column that is not there, and a table without inputs', async () => {
    const one = await table('age,sex,y\n1,m,1\n2,f,1\n');
    expect(problemOf(tableDataset(one, MAPPING, 1))).toContain('column y: a label needs at least two classes, found 1');
    expect(problemOf(tableDataset(one, { ...MAPPING, split: 'part' }, 1))).toBe('t.csv: there is no column part');
    expect(problemOf(tableDataset(one, { ...MAPPING, inputs: ['y'] }, 1))).toContain('no column is left');
  });
  it('counts equal rows across splits but keeps them', async () => {
    const made = valueOf(
      tableDataset(
        await table('age,sex,y,split\n1,m,1,train\n1,m,0,test\n2,f,1,test\n'),
        { ...MAPPING, split: 'split' },
        1,
      ),
    );
    const finished = await finishDataset(made, []);
    expect(finished.duplicates).toEqual({ groups: 1, acrossSplits: 1 });
    expect([...finished.dataset.split]).toEqual([0, 1, 1]);
    expect(finished.dataset.remarks.at(-1)).toContain('1 row with exactly the same inputs in both splits');
    expect(finished.dataset.hash).not.toBe((await finishDataset({ ...made, ids: ['a', 'b', 'c'] }, [])).dataset.hash);
  });
});

describe('the data that come with the app', () => {
  it('COMPAS: 7,214 defendants, 70 % to train on, without the answer or the prediction of others among the inputs', () => {
    const made = valueOf(compasDataset(shipped(COMPAS_FILE)));
    const data = trainingData({ ...made, hash: '' }, made.question);
    expect([data.trainIndices.length, data.auditIndices.length, data.input[2]]).toEqual([5050, 2164, 15]);
    if (made.features.kind !== 'table') throw new Error('expected a table');
    const inputs = [...made.features.numeric.map((column) => column.name), ...made.features.categorical];
    expect(inputs.filter((name) => /decile|score|recid/u.test(name))).toEqual([]);
    expect(valueCounts({ ...made, hash: '' }, 'race').map((row) => row.count)).toEqual([3696, 32, 2454, 637, 18, 377]);
  });
  it('handwriting: the digits in their order, with who wrote them, also where a server unpacked the files', async () => {
    const [images, attributes] = HANDWRITING_FILES.map(shipped);
    const made = valueOf(handwritingDataset(images!, attributes!));
    const { dataset, duplicates } = await finishDataset(made, []);
    expect([...dataset.columns[0]!.codes.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
    expect(valueCounts(dataset, 'Writer').map((row) => [row.value, row.count])).toEqual([
      ['employee', 4999],
      ['student', 5001],
    ]);
    expect([...dataset.split].filter((part) => part === 1).length).toBe(1828);
    expect(duplicates).toEqual({ groups: 0, acrossSplits: 0 });
    const { gunzipSync } = await import('fflate');
    expect(valueOf(handwritingDataset(gunzipSync(images!), gunzipSync(attributes!))).ids.length).toBe(10_000);
  });
});
