import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { structuredSchedule } from '#compression/schedule.ts';
import type { StageSpec } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import { planJson } from '#engine/model/plan-file.ts';
import { unpackBundle } from '#storage/bundle.ts';
import { need } from './answer.ts';
import type { Manifest } from './manifest.ts';
import { memberFolder, readMember } from './member-files.ts';
import { runArguments } from './run-arguments.ts';
import { run, type RunEnd } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'levels-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const COMPAS = new URL('../../public/datasets/compas.csv', import.meta.url).pathname;
const FILTERS = structuredSchedule(0.5, 30);
const HIDDEN = structuredSchedule(0.25, 30, 'l2');
const STUDENT: StageSpec = { kind: 'distilled', student: { kind: 'mlp', hidden: [4] }, temperature: 4, weight: 0.9 };
const FIXED: StageSpec = { kind: 'fixed-int8', calibration: 20 };
const HYBRID: StageSpec = { kind: 'hybrid-int8', tensors: 'all' };
const PLAN: Plan = {
  schemaVersion: 1,
  dataset: { name: '', hash: '' },
  question: { target: 'two_year_recid', positive: '1', attributes: ['sex'], minCount: 1 },
  model: { kind: 'mlp', hidden: [8, 8] },
  loss: 'logistic',
  members: 2,
  steps: 30,
  batchSize: 16,
  learningRate: 0.01,
  optimizer: { kind: 'sgd', momentum: 0.9 },
  seed: 1,
  levels: [
    FILTERS,
    STUDENT,
    { kind: 'pipeline', stages: [FILTERS, FIXED] },
    { kind: 'pipeline', stages: [STUDENT, HYBRID] },
    { kind: 'pipeline', stages: [HIDDEN, FIXED] },
  ],
};
const LEVELS = ['baseline', 'filters-0.5', 'distilled-mlp-4'].concat([
  'filters-0.5+fixed-int8',
  'distilled-mlp-4+hybrid-int8',
  'filters-l2-0.25+fixed-int8',
]);

async function train(out: string): Promise<RunEnd> {
  const plan = join(folder, 'plan.json');
  writeFileSync(plan, planJson(PLAN));
  const args = need(runArguments(['--plan', plan, '--data', COMPAS, '--out', join(folder, out), '--workers', '1']));
  const nothing = (): void => undefined;
  return run(args, { signal: new AbortController().signal, show: nothing, note: nothing });
}

it(
  'makes levels of every kind, each stage named, and makes again what is lost from what is kept',
  { timeout: 180_000 },
  async () => {
    const out = join(folder, 'whole');
    expect(await train('whole')).toMatchObject({ status: 0, said: `${out}: 12 of 12 members` });
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest;
    expect(manifest.levels.map(({ level, madeFrom, members }) => [level, madeFrom, members])).toEqual([
      ['baseline', null, 2],
      ['filters-0.5', null, 2],
      ['distilled-mlp-4', 'baseline', 2],
      ['filters-0.5+fixed-int8', 'filters-0.5', 2],
      ['distilled-mlp-4+hybrid-int8', 'distilled-mlp-4', 2],
      ['filters-l2-0.25+fixed-int8', 'filters-l2-0.25', 2],
    ]);
    expect(manifest.levels.slice(1).map(({ spec }) => spec)).toEqual(PLAN.levels);
    expect(manifest.simulated).toHaveLength(1);
    const [dense, filters, , small] = manifest.levels.map(({ sizes }) => sizes);
    expect(filters!.denseBytes).toBeLessThan(0.7 * dense!.denseBytes!);
    expect(small!.int8Bytes).toBeLessThan(filters!.int8Bytes! + 1);
    expect(manifest.levels[5]!.sparsity).toMatchObject({ planned: 0.25, achieved: 0.25 });
    expect(manifest.levels[5]!.tensors[0]!.rule).toBe(
      '6 of 8 neurons kept, those of largest L2 norm; then int8, symmetric, per tensor',
    );
    const rows = readFileSync(join(out, 'predictions.csv'), 'utf8').split('\n').slice(1, -1);
    expect([...new Set(rows.map((row) => row.split(',')[0]))].sort()).toEqual([...LEVELS].sort());

    const lost = ['distilled-mlp-4', 'distilled-mlp-4+hybrid-int8', 'filters-l2-0.25+fixed-int8'];
    const members = () => lost.map((level) => need(readMember(out, { level, index: 1 })).result);
    const before = members();
    for (const level of lost) rmSync(join(memberFolder(out), `${level}-0001.zip`));
    expect(existsSync(join(memberFolder(out), 'filters-l2-0.25-0001.zip'))).toBe(false); // was trained for its pipeline only
    expect(await train('whole')).toMatchObject({ status: 0, said: `${out}: 12 of 12 members` });
    members().forEach(({ weights, predictions }, i) => {
      expect(weights).toEqual(before[i]!.weights);
      expect(predictions).toEqual(before[i]!.predictions);
    });

    const bundle = need(unpackBundle(readFileSync(join(out, 'audit.longtail.zip')), out));
    expect(bundle.record.plan.levels).toEqual(PLAN.levels);
    expect(bundle.members.map(({ key }) => key.level).sort()).toEqual([...LEVELS, ...LEVELS].sort());
  },
);
