import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditJson } from '#audit/audit-json.ts';
import { hookerSchedule } from '#compression/schedule.ts';
import type { Plan } from '#engine/model/plan.ts';
import { parsePlan, planJson } from '#engine/model/plan-file.ts';
import { readWeightsFile } from '#storage/weights.ts';
import { unpackBundle } from '#storage/bundle.ts';
import { startCli } from '#testing/cli-process.ts';
import { attempt, need } from './answer.ts';
import type { Manifest } from './manifest.ts';
import { readMember, writeMember } from './member-files.ts';
import { merge } from './merge-command.ts';
import { writePlan } from './plan-command.ts';
import { predict } from './predict-command.ts';
import { runArguments } from './run-arguments.ts';
import { run } from './run.ts';

const PATIENCE_MS = 180_000; // processes with threads, on a machine that may be busy
let folder = '';
const cli = (...args: string[]) => startCli(folder, args).ended;
const text = (...path: string[]): string => readFileSync(join(folder, ...path), 'utf8');
const json = (...path: string[]): unknown => JSON.parse(text(...path));
const manifest = (run: string): Manifest => json(run, 'manifest.json') as Manifest;

function bundle(run: string) {
  const unpacked = unpackBundle(readFileSync(join(folder, run, 'audit.longtail.zip')), run);
  if (!unpacked.ok) throw new Error(unpacked.problem.message);
  return unpacked.value;
}

function plan(changes: Partial<Plan>): string {
  return planJson({
    schemaVersion: 1,
    dataset: { name: '', hash: '' },
    question: { target: 'Blond', positive: 'yes', attributes: ['Male', 'Young'], minCount: 1 },
    model: { kind: 'cnn-small', filters: [4], dense: [8] },
    members: 3,
    steps: 120,
    batchSize: 16,
    learningRate: 0.01,
    optimizer: { kind: 'sgd', momentum: 0.9 },
    seed: 1,
    levels: [
      hookerSchedule(0.9, 120),
      { kind: 'hybrid-int8', tensors: 'all' },
      { kind: 'fixed-int8', calibration: 20 },
    ],
    ...changes,
  });
}

const COMPAS = new URL('../../public/datasets/compas.csv', import.meta.url).pathname;
const compasPlan = (changes: Partial<Plan>): string =>
  plan({
    question: { target: 'two_year_recid', positive: '1', attributes: ['sex', 'race'], minCount: 1 },
    model: { kind: 'mlp', hidden: [8] },
    members: 2,
    steps: 20,
    levels: [hookerSchedule(0.5, 20), { kind: 'hybrid-int8', tensors: 'all' }],
    ...changes,
  });
const FACES = ['--plan', 'faces.json', '--data', 'builtin:faces?faces=200'];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'run-'));
  writeFileSync(join(folder, 'faces.json'), plan({}));
  writeFileSync(join(folder, 'compas.json'), compasPlan({}));
  const [faces, compas] = await Promise.all([
    cli('run', ...FACES, '--out', 'whole'),
    cli(
      'run',
      '--plan',
      'compas.json',
      '--data',
      COMPAS,
      '--out',
      'compas',
      '--workers',
      '1',
      '--weights',
      'hybrid-int8',
      '--weights-form',
      'compressed',
    ),
  ]);
  expect([faces.status, compas.status, faces.err.split('\n').at(-2)]).toEqual([0, 0, 'whole: 12 of 12 members']);
}, PATIENCE_MS);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('cli run', { timeout: PATIENCE_MS }, () => {
  it('trains a table and writes every file whole', () => {
    expect(readdirSync(join(folder, 'compas')).sort()).toEqual(
      ['audit.json', 'audit.longtail.zip', 'checkpoints', 'examples.csv', 'manifest.json', 'members'].concat([
        'plan.json',
        'predictions.csv',
        'weights',
      ]),
    );
    expect(readdirSync(join(folder, 'compas', 'checkpoints'))).toEqual([]);
    expect(text('compas', 'examples.csv').split('\n')).toHaveLength(2 + 2164);
    const rows = text('compas', 'predictions.csv').split('\n');
    expect(rows).toHaveLength(2 + 2164 * 6);
    expect(rows[0]).toBe('population,member,example_id,predicted_label,probability');
    const said = rows.slice(1, -1).map((row) => row.split(',').slice(3));
    expect(said.every(([label, probability]) => (label === '1') === Number(probability) >= 0.5)).toBe(true);
    const written = parsePlan(json('compas', 'plan.json'));
    expect(written.ok && written.value.dataset.hash).toMatch(/^[0-9a-f]{64}$/u);
    expect(manifest('compas')).toMatchObject({
      complete: true,
      memberRange: [0, 1],
      data: { classes: ['0', '1'], examples: { all: 7214, train: 5050, audit: 2164 } },
      seeds: { plan: 1 },
      sessions: [{ members: 6, workers: 1, admission: { backend: 'simd' } }],
      levels: [{ level: 'baseline' }, { level: 'pruned-0.5', sparsity: { planned: 0.5 } }, { level: 'hybrid-int8' }],
    });
    const [, pruned, hybrid] = manifest('compas').levels;
    expect(pruned!.sparsity.achieved).toBeCloseTo(0.5, 2);
    expect(pruned!.tensors[0]).toMatchObject({ name: 'dense1/kernel', plannedSparsity: 0.5, quantization: null });
    expect(pruned!.tensors[0]!.histogram!.counts).toHaveLength(40);
    expect(pruned!.maskUpdates.at(-1)).toEqual({ step: 18, sparsity: 0.5 });
    expect(hybrid!.tensors[0]).toMatchObject({ quantization: { bits: 8, zeroPoint: 0, clipped: 0 } });
    expect(hybrid!.sizes.int8GzipBytes).toBeGreaterThan(0);
  });

  it('writes the weights that are asked for, of the levels that the plan has', async () => {
    const names = readdirSync(join(folder, 'compas', 'weights')).sort();
    expect(names).toEqual(['hybrid-int8-0000.compressed.safetensors', 'hybrid-int8-0001.compressed.safetensors']);
    const read = readWeightsFile(readFileSync(join(folder, 'compas', 'weights', names[0]!)), names[0]!);
    expect(read).toMatchObject({ value: { member: { spec: { kind: 'hybrid-int8', tensors: 'all' } } } });
    const refused = await cli('run', ...FACES, '--out', 'nowhere', '--weights', 'pruned-0.1');
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.err).toMatch(
      /--weights names .pruned-0\.1., expected all or levels of the plan: baseline, pruned-0\.9/u,
    );
  });

  it('predicts the same from the weights in the files', async () => {
    const out = await cli('predict', '--weights', 'compas/weights', '--data', COMPAS, '--out', 'again.csv');
    expect([out.status, out.out.split('\n')[0]]).toEqual([0, 'again.csv: 2 members']);
    const rows = text('compas', 'predictions.csv').split('\n');
    expect(text('again.csv').split('\n')).toEqual(rows.filter((row, i) => i === 0 || /^(hybrid-int8|$)/u.test(row)));
  });

  it('finds what cli audit finds in its files', async () => {
    const files = ['--examples', 'compas/examples.csv', '--predictions', 'compas/predictions.csv'];
    expect(await cli('audit', ...files, '--positive', '1', '--out', 'again.json')).toMatchObject({ status: 0 });
    expect(json('compas', 'audit.json')).toEqual(json('again.json'));
    const { comparisons } = json('compas', 'audit.json') as AuditJson;
    expect(Object.values(comparisons).some(({ modalCie }) => modalCie.count > 0)).toBe(true);
  });

  it('packs the audit as the app opens it: data by name where they are built in, whole where they are a file', () => {
    const faces = bundle('whole');
    expect(faces.record).toMatchObject({ status: 'done', planned: 12, plan: { members: 3 } });
    expect(faces.dataset).toEqual({
      name: faces.dataset.name,
      origin: { kind: 'faces', seed: 1, count: 200 },
      hash: faces.record.datasetHash,
    });
    expect(faces.members).toHaveLength(12);
    const compas = bundle('compas');
    expect('features' in compas.dataset && compas.dataset.ids).toHaveLength(7214);
    expect(compas.members.map(({ probabilities }) => probabilities?.length)).toEqual(new Array(6).fill(2164));
    expect(compas.members.map(({ embeddings }) => embeddings?.values.length)).toEqual([
      2164 * 8,
      ...new Array<undefined>(5).fill(undefined),
    ]);
  });

  it('goes on after Ctrl-C to what it would have come to without', async () => {
    const members = join(folder, 'broken', 'members');
    mkdirSync(members, { recursive: true });
    const running = startCli(folder, ['run', ...FACES, '--out', 'broken', '--workers', '1']);
    const watcher = watch(members, (_, name) => {
      if (name?.endsWith('.zip') === true) running.child.kill('SIGINT');
    });
    const broken = await running.ended;
    watcher.close();
    expect([broken.status, broken.out]).toEqual([130, '']);
    expect(broken.err).toMatch(
      /Stopped\. \d+ of 12 members are kept in broken; run the same command again to go on\.\n$/u,
    );
    const kept = readdirSync(members);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(12);
    expect([...kept, ...readdirSync(join(folder, 'broken'))].filter((name) => name.endsWith('.part'))).toEqual([]);

    expect(await cli('run', ...FACES, '--out', 'broken')).toMatchObject({ status: 0 });
    for (const file of ['plan.json', 'examples.csv', 'predictions.csv', 'audit.json'])
      expect(text('broken', file)).toBe(text('whole', file));
    expect(manifest('broken').sessions.map((session) => session.members)).toEqual([kept.length, 12 - kept.length]);
  });

  it('trains parts that merge into the whole, and says what is missing', async () => {
    const part = (range: string, out: string) => cli('run', ...FACES, '--out', out, '--member-range', range);
    const parts = await Promise.all([part('0..1', 'first'), part('1..2', 'second')]);
    expect(parts.map(({ status }) => status)).toEqual([0, 0]);
    expect(manifest('first')).toMatchObject({ complete: false, memberRange: [0, 1], missing: [] });
    expect(bundle('first').record.status).toBe('stopped');

    expect(await cli('merge', '--out', 'merged', 'first', 'second')).toMatchObject({ status: 0, err: '' });
    const half = attempt(() => merge(['--out', join(folder, 'half'), join(folder, 'second')]));
    expect(half.ok && half.value).toContain('missing: baseline 0, pruned-0.9 0, hybrid-int8 0, fixed-int8 0\n');
    for (const file of ['plan.json', 'examples.csv', 'predictions.csv', 'audit.json'])
      expect(text('merged', file)).toBe(text('whole', file));
    expect(manifest('merged')).toMatchObject({
      complete: true,
      missing: [],
      sessions: [{ members: 8 }, { members: 8 }],
    });
    const members = (run: string) =>
      bundle(run).members.map(({ key, predictions, probabilities, embeddings }) => ({
        ...{ key, predictions, probabilities, embeddings },
      }));
    expect(members('whole')[0]!.embeddings?.width).toBe(8);
    expect(members('merged')).toEqual(members('whole'));
  });
});

/** What is said to a command that is refused, on this thread: a process each would only take longer. */
async function refusal(command: string, ...args: string[]): Promise<string> {
  if (command === 'merge') {
    const merged = attempt(() => merge(args));
    return merged.ok ? 'not refused' : merged.problem.message;
  }
  if (command === 'plan' || command === 'predict') {
    const done = await (command === 'plan' ? writePlan : predict)(args);
    return done.ok ? 'not refused' : done.problem.message;
  }
  const parsed = runArguments(args);
  if (!parsed.ok) return parsed.problem.message;
  const nothing = (): void => undefined;
  const end = await run(parsed.value, { signal: new AbortController().signal, show: nothing, note: nothing });
  expect([end.status, end.found]).toEqual([2, '']);
  return end.said;
}

const REFUSED: readonly (readonly [name: string, args: string, says: RegExp])[] = [
  [
    'another plan in the folder of a run',
    'run --plan @longer.json --data COMPAS --out @compas',
    /compas: this folder holds another run: "steps" of its plan differs, expected/u,
  ],
  [
    'other data in the folder of a run',
    'run --plan @compas.json --data builtin:compas --out @compas',
    /compas: this folder holds another run: its data differ, expected/u,
  ],
  [
    'data that are not those of the plan',
    'run --plan @compas/plan.json --data COMPAS --label-column sex --out @new',
    /compas\.csv: these are not the data of the plan .*--label-column/u,
  ],
  [
    'a plan that asks for a column that is not there',
    'run --plan @faces.json --data COMPAS --out @new',
    /faces\.json, column question: the data have no column "Blond", expected one of "two_year_recid, /u,
  ],
  [
    'a plan that is no JSON',
    'run --plan @broken.json --data COMPAS --out @new',
    /broken\.json, row 2, column 5: this is not JSON, expected a plan\.json/u,
  ],
  [
    'a plan that cannot run',
    'run --plan @lone.json --data COMPAS --out @new',
    /lone\.json, column members: One member has no majority/u,
  ],
  [
    'a range beyond the plan',
    'run --plan @compas.json --data COMPAS --out @new --member-range 1..2',
    /^--member-range ends with 2, expected at most 1/u,
  ],
  [
    'a form of weights that there is not',
    'run --plan @compas.json --data COMPAS --out @new --weights all --weights-form onnx',
    /^--weights-form is "onnx", expected dense, compressed, tfjs$/u,
  ],
  [
    'weights that are none',
    'predict --weights @broken.json --data COMPAS --out @new',
    /broken\.json: this is no safetensors file/u,
  ],
  [
    'a folder without weights',
    'predict --weights @taken --data COMPAS --out @new',
    /taken: the folder holds no \.safetensors file, expected one a member/u,
  ],
  [
    'weights with other data',
    'predict --weights @compas/weights --data builtin:compas --out @new',
    /builtin:compas: these are not the data of the plan/u,
  ],
  [
    'a range that is none',
    'run --plan @compas.json --data COMPAS --out @new --member-range 2..1',
    /^--member-range is "2\.\.1", expected A\.\.B/u,
  ],
  [
    'no workers',
    'run --plan @compas.json --data COMPAS --out @new --workers 0',
    /^--workers is "0", expected a whole number from 1/u,
  ],
  [
    'a folder whose files are not of a run',
    'run --plan @compas.json --data COMPAS --out @taken',
    /taken\/examples\.csv: this file is not of a run, expected an empty folder/u,
  ],
  [
    'data that are not there',
    'run --plan @compas.json --data @no.csv --out @new',
    /no\.csv: cannot be read \(ENOENT\), expected a zip/u,
  ],
  ['a ragged table', 'plan --data @ragged.csv --out @new', /^ragged\.csv, row 3/u],
  ['an unknown built-in dataset', 'plan --data builtin:cats --out @new', /^--data is "builtin:cats", expected/u],
  [
    'a column that is not there',
    'plan --data COMPAS --label-column no --out @new',
    /^compas\.csv, row 1, column no: there is no such column, expected one of "sex, /u,
  ],
  [
    'parts of two runs',
    'merge --out @new @whole @compas',
    /compas: its data differ from .*whole, expected parts of one/u,
  ],
  [
    'a part that is no run',
    'merge --out @new @taken',
    /taken\/plan\.json: cannot be read \(ENOENT\), expected a file/u,
  ],
];

describe('what is refused, in one line and with nothing written:', { timeout: PATIENCE_MS }, () => {
  beforeAll(() => {
    const files = {
      'longer.json': compasPlan({ steps: 21 }),
      'lone.json': compasPlan({ members: 1 }),
      'broken.json': '{\n  "x\n',
      'ragged.csv': 'age,label\n3,yes\n4\n',
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    mkdirSync(join(folder, 'taken'));
    writeFileSync(join(folder, 'taken', 'examples.csv'), 'mine');
  });

  it.each(REFUSED)('%s', async (_, args, says) => {
    const words = args.split(' ').map((word) => word.replace(/^@/u, `${folder}/`).replace(/^COMPAS$/u, COMPAS));
    const [command = '', ...rest] = words;
    const said = await refusal(command, ...rest);
    expect(said).toMatch(says);
    expect(said.split('\n')).toHaveLength(1);
    expect(readdirSync(folder)).not.toContain('new');
  });

  it('members that two parts have in two versions', async () => {
    const twin = join(folder, 'twin');
    cpSync(join(folder, 'whole'), twin, { recursive: true });
    const key = { level: 'pruned-0.9', index: 1 };
    const member = need(readMember(twin, key));
    const predictions = member.result.predictions.map((label) => 1 - label);
    need(writeMember(twin, { ...member, result: { ...member.result, predictions } }));
    const said = await refusal('merge', '--out', join(folder, 'joined'), join(folder, 'whole'), twin);
    expect(said).toMatch(
      /twin: member 1 of pruned-0\.9 is in .*whole too, and its predictions differ, expected the same/u,
    );
  });

  it('said by a process on its error output, with status 2', async () => {
    const { status, out, err } = await cli('run', '--plan', 'lone.json', '--data', COMPAS, '--out', 'new');
    expect([status, out, err]).toEqual([2, '', expect.stringMatching(/^lone\.json, column members: [^\n]*\n$/u)]);
  });
});
