import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditJson } from '#audit/audit-json.ts';
import { writeNpy } from '#sources/formats/npy.ts';
import { startCli } from '#testing/cli-process.ts';

const PATIENCE_MS = 60_000; // a new process each time, on a machine that may be busy
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const cli = (...args: string[]) => startCli(folder, ['audit', ...args]).ended;

function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}
function output(): AuditJson {
  return JSON.parse(readFileSync(join(folder, 'audit.json'), 'utf8')) as AuditJson;
}
const CSV = ['--examples', 'E.csv', '--predictions', 'P.csv', '--out', 'audit.json'];
const NPY = ['--examples', 'E.csv', '--predictions', 'P.npy', '--members', 'M.csv', '--out', 'audit.json'];

/** One row a prediction: members by population, one label an example. */
function rows(populations: Readonly<Record<string, readonly string[]>>, ids: readonly string[]): string {
  const lines = ['population,member,example_id,predicted_label'];
  for (const [name, members] of Object.entries(populations)) {
    for (const [k, labels] of members.entries()) {
      for (const [x, id] of ids.entries()) lines.push(`${name},s${String(k)},${id},${labels[x]!}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

// The case worked out on paper in src/audit/audit.test.ts: unequal K, ties, missing values, an empty pair of values.
const EXAMPLES = 'example_id,true_label,Male,Young\ne1,0,1,1\ne2,0,0,1\ne3,0,1,0\ne4,1,1,1\ne5,1,0,\ne6,1,,0\n';
const IDS = ['e1', 'e2', 'e3', 'e4', 'e5', 'e6'];
const POPULATIONS = { 'pruned-0.9': ['011100', '001001'], baseline: ['000111', '010110', '000101'] };

describe('the command line audits', { timeout: PATIENCE_MS }, () => {
  it('rows, naming levels by their population, as worked out on paper', async () => {
    write({ 'E.csv': EXAMPLES, 'P.csv': rows(POPULATIONS, IDS) });
    const { status, err, out } = await cli(...CSV, '--percentiles', '50');
    expect([status, err]).toEqual([0, '']);
    expect(out).toContain('3 Modal CIE');
    const json = output();
    expect(json).toMatchObject({ schemaVersion: 1, classes: ['0', '1'], positive: '1', examples: 6, seed: 1 });
    expect(Object.keys(json.comparisons)).toEqual(['pruned-0.9']);
    const found = json.comparisons['pruned-0.9']!;
    expect(found.modalCie).toMatchObject({ count: 3, ids: ['e2', 'e3', 'e5'], tiedIds: ['e2', 'e4', 'e6'] });
    expect(found.taxicab.ranking.slice(0, 3)).toEqual(['e3', 'e5', 'e4']);
    expect(found.accuracy.taxicab['50']).toMatchObject({ n: 3 });
    expect(found.subgroups.map(({ group }) => group)).not.toContainEqual({ Male: '0', Young: '0' });
    expect(found.subgroups[2]).toMatchObject({ group: { Male: '1' }, normalizedDifference: { fpr: null } });
    expect(found.equalizedOddsBias['Male']!.compressed).toBeCloseTo(0.5, 12);
    expect(readdirSync(folder).sort()).toEqual(['E.csv', 'P.csv', 'audit.json']);
  });

  it('the compact form to the same result, members in any order of rows', async () => {
    write({ 'E.csv': EXAMPLES, 'P.csv': rows(POPULATIONS, IDS) });
    await cli(...CSV);
    const fromRows = output();
    const members = ['000111', '011100', '010110', '001001', '000101'];
    const data = Uint8Array.from([...members.join('')].map(Number));
    write({
      'P.npy': writeNpy({ rows: 5, columns: 6, data }),
      'M.csv': 'population,member\nbaseline,s0\npruned-0.9,s0\nbaseline,s1\npruned-0.9,s1\nbaseline,s2\n',
    });
    expect(await cli(...NPY)).toMatchObject({ status: 0, err: '' });
    expect(output()).toEqual(fromRows);
  });

  it('three classes, a baseline of another name, chosen attributes and positive class', async () => {
    write({
      'E.csv': '\uFEFFtrue_label;example_id;g;h\r\ncat;1;x;p\r\ndog;2;x;q\r\nowl;3;y;p\r\n',
      'P.csv': rows({ tiny: ['ddo'], dense: ['cdo'] }, ['1', '2', '3']).replaceAll(
        /,(.)$/gmu,
        (_, c: string) => `,${{ c: 'cat', d: 'dog', o: 'owl' }[c] ?? ''}`,
      ),
    });
    const { status, err } = await cli(...CSV, '--baseline', 'dense', '--positive', 'dog', '--attributes', 'g');
    expect([status, err]).toEqual([0, '']);
    const json = output();
    expect(json).toMatchObject({ classes: ['cat', 'dog', 'owl'], positive: 'dog' });
    const [everyone, ...groups] = json.comparisons['tiny']!.subgroups;
    expect(everyone!.compressed).toEqual({ error: 1 / 3, fpr: 0.5, fnr: 0 });
    expect(groups.map(({ group }) => group)).toEqual([{ g: 'x' }, { g: 'y' }]);
    expect(groups[1]!.baseline.fnr).toBeNull();
  });

  it('the test split alone where there is one, needing no predictions for the rest', async () => {
    write({
      'E.csv': 'example_id,true_label,split\na,0,train\nb,1,test\nc,0,test\n',
      'P.csv': rows({ baseline: ['10'], p: ['00'] }, ['b', 'c']),
    });
    expect((await cli(...CSV)).status).toBe(0);
    expect(output()).toMatchObject({ examples: 2, comparisons: { p: { modalCie: { count: 1, ids: ['b'] } } } });
  });

  it('the rows that have predictions where no split is called test', async () => {
    write({
      'E.csv': 'example_id,true_label,split\na,0,fit\nb,1,held\nc,0,held\n',
      'P.csv': rows({ baseline: ['10'], p: ['00'] }, ['b', 'c']),
    });
    expect((await cli(...CSV)).status).toBe(0);
    expect(output().examples).toBe(2);
  });
});

const FINE = rows({ baseline: ['01'], p: ['11'] }, ['a', 'b']);
const PAIR = 'example_id,true_label\na,0\nb,1\n';
const MATRIX = writeNpy({ rows: 2, columns: 2, data: Uint8Array.of(0, 1, 1, 1) });
const MEMBERS = 'population,member\nbaseline,0\np,0\n';

interface BadCase {
  readonly name: string;
  readonly args?: readonly string[];
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly says: RegExp;
}
const BAD: readonly BadCase[] = [
  {
    name: 'a member without a prediction for an example',
    files: { 'P.csv': FINE.replace('p,s0,b,1\n', '') },
    says: /^P\.csv, row 4, column example_id: member "s0" of population "p".*"b" of E\.csv, row 3.*expected/u,
  },
  {
    name: 'an example predicted twice',
    files: { 'P.csv': `${FINE}p,s0,b,0\n` },
    says: /^P\.csv, row 6, column example_id: .*second prediction.*expected/u,
  },
  {
    name: 'an unknown example',
    files: { 'P.csv': `${FINE}p,s0,z,0\n` },
    says: /^P\.csv, row 6, column example_id: .*"z".*expected/u,
  },
  {
    name: 'no baseline',
    files: { 'P.csv': FINE.replaceAll('baseline', 'dense') },
    says: /^P\.csv, row 2, column population: .*"baseline", expected.*dense/u,
  },
  {
    name: 'a baseline alone',
    files: { 'P.csv': FINE.replaceAll(/^p,.*\n/gmu, '') },
    says: /^P\.csv, row 3, column population: .*expected/u,
  },
  ...['1.5', '-0.1', 'NaN', 'inf', 'N/A', '0x1', '1e308'].map((text) => ({
    name: `a probability of ${text}`,
    files: {
      'P.csv': `population,member,example_id,predicted_label,probability\nbaseline,0,a,0,0.5\nbaseline,0,b,0,${text}\n`,
    },
    says: /^P\.csv, row 3, column probability: .*expected a number from 0 to 1/u,
  })),
  {
    name: 'an example listed twice',
    files: { 'E.csv': `${PAIR}a,1\n`, 'P.csv': FINE },
    says: /^E\.csv, row 4, column example_id: .*row 2.*expected/u,
  },
  {
    name: 'an empty label',
    files: { 'E.csv': PAIR.replace('b,1', 'b,'), 'P.csv': FINE },
    says: /^E\.csv, row 3, column true_label: .*expected/u,
  },
  {
    name: 'a missing column',
    files: { 'E.csv': 'id,true_label\na,0\n', 'P.csv': FINE },
    says: /^E\.csv, row 1, column example_id: .*expected/u,
  },
  {
    name: 'an attribute that is no column',
    args: [...CSV, '--attributes', 'Male'],
    files: { 'P.csv': FINE },
    says: /^E\.csv, row 1, column Male: .*expected/u,
  },
  {
    name: 'a ragged row',
    files: { 'P.csv': FINE.replace('p,s0,a,1', 'p,s0,a') },
    says: /^P\.csv, row 4, column predicted_label: .*expected 4/u,
  },
  {
    name: 'a repeated column',
    files: { 'E.csv': 'example_id,true_label,x,x\n', 'P.csv': FINE },
    says: /^E\.csv, row 1, column 4: .*expected/u,
  },
  {
    name: 'a column named __proto__',
    files: { 'E.csv': 'example_id,true_label,__proto__\n', 'P.csv': FINE },
    says: /^E\.csv, row 1, column 3: .*expected/u,
  },
  {
    name: 'no rows',
    files: { 'P.csv': 'population,member,example_id,predicted_label\n' },
    says: /^P\.csv, row 2, .*expected/u,
  },
  { name: 'a file that is not there', files: {}, says: /^P\.csv: cannot be read \(ENOENT\), expected/u },
  {
    name: 'a positive class that is none',
    args: [...CSV, '--positive', '7'],
    files: { 'P.csv': FINE },
    says: /^--positive is "7", expected/u,
  },
  { name: 'an unknown option', args: [...CSV, '--colour', 'red'], files: { 'P.csv': FINE }, says: /--colour/u },
  {
    name: 'a percentile of 150',
    args: [...CSV, '--percentiles', '90,150'],
    files: { 'P.csv': FINE },
    says: /^--percentiles holds "150", expected/u,
  },
  {
    name: 'a matrix of another width than the examples',
    args: NPY,
    files: { 'P.npy': writeNpy({ rows: 2, columns: 1, data: Uint8Array.of(0, 1) }), 'M.csv': MEMBERS },
    says: /^P\.npy, row 1, column 1: .*expected 2/u,
  },
  {
    name: 'more members than rows of the matrix',
    args: NPY,
    files: { 'P.npy': MATRIX, 'M.csv': `${MEMBERS}p,1\n` },
    says: /^M\.csv, row 4, column member: .*expected 2/u,
  },
  {
    name: 'a class index that is none',
    args: NPY,
    files: { 'P.npy': writeNpy({ rows: 2, columns: 2, data: Uint8Array.of(0, 1, 1, 2) }), 'M.csv': MEMBERS },
    says: /^P\.npy, row 2, column 2: 2 .*expected 0 to 1/u,
  },
  {
    name: 'a matrix without members.csv',
    args: CSV.map((arg) => arg.replace('P.csv', 'P.npy')),
    files: { 'P.npy': MATRIX },
    says: /^--members is missing, expected/u,
  },
  {
    name: 'a matrix of probabilities beside rows',
    args: [...CSV, '--probabilities', 'Q.npy'],
    files: { 'P.csv': FINE },
    says: /^--probabilities is of use only with --predictions P\.npy/u,
  },
  {
    name: 'probabilities that are none',
    args: [...NPY, '--probabilities', 'Q.npy'],
    files: {
      'P.npy': MATRIX,
      'M.csv': MEMBERS,
      'Q.npy': writeNpy({ rows: 2, columns: 2, data: Float32Array.of(0, 1, 2, 1) }),
    },
    says: /^Q\.npy, row 2, column 1: 2 for the example "a" is not a probability, expected a number from 0 to 1$/mu,
  },
  {
    name: 'an output folder that is not there',
    args: CSV.map((arg) => arg.replace('audit.json', 'no/audit.json')),
    files: { 'P.csv': FINE },
    says: /^no\/audit\.json: cannot be written/u,
  },
];

describe('the command line refuses, in one line and without output,', { timeout: PATIENCE_MS }, () => {
  it.each(BAD)('$name', async ({ args, files, says }) => {
    const given = { 'E.csv': PAIR, ...files };
    write(given);
    const { status, out, err } = await cli(...(args ?? CSV));
    expect(err).toMatch(says);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect([status, out]).toEqual([2, '']);
    expect(existsSync(join(folder, 'audit.json'))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(Object.keys(given).sort());
  });

  it('and leaves an earlier result as it was', async () => {
    write({ 'E.csv': PAIR, 'P.csv': `${FINE}p,s0,z,0\n`, 'audit.json': 'earlier' });
    expect((await cli(...CSV)).status).toBe(2);
    expect(readFileSync(join(folder, 'audit.json'), 'utf8')).toBe('earlier');
  });
});
