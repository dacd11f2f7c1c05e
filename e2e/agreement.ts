import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Manifest } from '#cli/manifest.ts';
import { startCli } from '#testing/cli-process.ts';
import type { App } from './pages.ts';

/** Least share of predictions that two modules which round differently have in common. */
const LEAST_AGREEMENT = 0.99;

/** What the app saved of a finished run. */
export interface SavedRun {
  /** The path of plan.json. */
  readonly plan: string;
  readonly examples: string;
  readonly predictions: string;
  /** Which module trained, as the report says it. */
  readonly backend: string;
}

/** Saves plan and predictions from the report. */
export async function savedRun(app: App): Promise<SavedRun> {
  await app.goTo('Report');
  const button = (name: string) => app.page.getByRole('button', { name, exact: true });
  const [plan = ''] = await app.savedBy(button('plan.json'), /^plan.*\.json$/u);
  const [examples = '', predictions = ''] = await app.savedBy(
    button('Predictions'),
    /^examples\.csv$/u,
    /^predictions\.csv$/u,
  );
  const backend = await app.page
    .getByRole('row', { name: /^Backend/u })
    .getByRole('cell')
    .innerText();
  expect(backend).toMatch(/^simd, WebAssembly SIMD, (relaxed|plain), /u);
  return { plan, examples: readFileSync(examples, 'utf8'), predictions: readFileSync(predictions, 'utf8'), backend };
}

/** Trains the plan that the app saved by the command line; the folder of its output, `name` in `folder`. */
export async function runByCommandLine(
  folder: string,
  name: string,
  { plan }: SavedRun,
  ...data: readonly string[]
): Promise<string> {
  const { status, err } = await startCli(folder, ['run', '--plan', plan, '--out', name, '--data', ...data]).ended;
  expect(status, err).toBe(0);
  return join(folder, name);
}

/**
 * Holds the members of the app against those of the command line: the same predictions where the same module made them, else
 * at least 99 % of all. Returns the share.
 */
export function expectSamePredictions(app: SavedRun, run: string): number {
  expect(app.examples).toBe(readFileSync(join(run, 'examples.csv'), 'utf8'));
  const ours = byMember(app.predictions);
  const theirs = byMember(readFileSync(join(run, 'predictions.csv'), 'utf8'));
  const { members } = JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8')) as Manifest;
  const names = members.map(({ level, member }) => `${level} ${String(member)}`);
  expect([...ours.keys()].sort()).toEqual(names.toSorted());
  // Models that learned nothing agree whatever they do.
  const baseline = names.filter((name) => name.startsWith('baseline '));
  expect(new Set(baseline.map((name) => ours.get(name)!.join())).size).toBe(baseline.length);

  const shares = names.map((name) => shareOfSame(ours.get(name)!, theirs.get(name)!));
  const isOwn = members.map(({ backend, variant }) => app.backend.startsWith(`${backend}, ${variant}, `));
  expect(names.filter((_, i) => isOwn[i] === true && shares[i] !== 1)).toEqual([]);
  const share = shares.reduce((sum, one) => sum + one, 0) / shares.length;
  expect(share).toBeGreaterThanOrEqual(LEAST_AGREEMENT);
  return share;
}

/** "level member" and the examples with their labels, in their order; probabilities of two backends differ in their last digits. */
function byMember(csv: string): ReadonlyMap<string, readonly string[]> {
  const rows = new Map<string, string[]>();
  for (const line of csv.trimEnd().split('\n').slice(1)) {
    const [level = '', member = '', ...prediction] = line.split(',').slice(0, -1);
    const name = `${level} ${member}`;
    const own = rows.get(name) ?? [];
    own.push(prediction.join(','));
    rows.set(name, own);
  }
  return rows;
}

function shareOfSame(ours: readonly string[], theirs: readonly string[]): number {
  expect(theirs).toHaveLength(ours.length);
  return ours.filter((row, i) => row === theirs[i]).length / ours.length;
}
