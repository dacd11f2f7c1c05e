import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { levelName } from '#compression/spec.ts';
import { need } from './answer.ts';
import { planFor, readPlan } from './plan-input.ts';
import { readData } from './read-data.ts';

const place = (name: string): string => new URL(`../../${name}`, import.meta.url).pathname;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'compas-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('the plan of docs/compas.md is of the data and the columns that it says, and can run', async () => {
  const rows = readFileSync(place('public/datasets/compas.csv'), 'utf8').split('\n');
  const races = rows.filter((row, i) => i === 0 || ['African-American', 'Caucasian'].includes(row.split(',')[3]!));
  const path = join(folder, 'compas-two-races.csv');
  writeFileSync(path, `${races.join('\n')}\n`);
  const plan = need(readPlan(place('docs/compas/plan.json')));
  const inputs = /--input-columns (\S+)/u.exec(readFileSync(place('docs/compas.md'), 'utf8'))![1]!.split(',');
  const wishes = { image: undefined, split: undefined, size: undefined, label: plan.question.target };
  const { dataset } = need(
    await readData(
      { place: { kind: 'path', path }, wishes: { ...wishes, attributes: plan.question.attributes, inputs } },
      {
        asked: plan.question,
        hash: plan.dataset.hash,
        onProgress: () => undefined,
        signal: new AbortController().signal,
      },
    ),
  );
  expect(dataset.ids).toHaveLength(6150);
  const { members, levels } = need(planFor(plan, dataset, 'plan.json'));
  expect([members, ...levels.map(levelName)]).toEqual([
    ...[10, 'qat-int8', 'tfmot-0.5', 'tfmot-0.6', 'tfmot-0.7', 'tfmot-0.8', 'tfmot-0.9'],
  ]);
});
