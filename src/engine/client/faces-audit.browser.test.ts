import { expect, it, vi } from 'vitest';
import { hookerSchedule } from '#compression/schedule.ts';
import { trainingData } from '#dataset/training-data.ts';
import { createEngine } from '#engine/client/engine.ts';
import type { BackendName } from '#engine/executors/executor.ts';
import type { Plan } from '#engine/model/plan.ts';
import { recipe } from '#engine/model/presets.ts';
import type { RunData } from '#engine/protocol/run.ts';
import { keyText } from '#engine/protocol/worker-methods.ts';
import { FACES_SEED, drawFaces } from '#sources/builtin/faces/faces.ts';

vi.setConfig({ testTimeout: 600_000 }); // a software adapter is slow where the machine is busy

const STEPS = 10;
const MEMBERS = 30;

/** The built-in question on few faces: who is blond. */
function faces(): { readonly data: RunData; readonly question: Plan['question'] } {
  const drawing = drawFaces({ seed: FACES_SEED, count: 300 });
  let part = drawing.next();
  while (part.done !== true) part = drawing.next();
  const dataset = { ...part.value, hash: '' };
  return { data: trainingData(dataset, dataset.question), question: dataset.question };
}

it('a population of 30 at two levels on a software WebGPU adapter predicts the faces as WebAssembly does', async () => {
  const { data, question } = faces();
  const plan: Plan = {
    schemaVersion: 1,
    dataset: { name: 'Faces', hash: '' },
    question,
    ...recipe('cnn-small', { classes: data.classes.length }),
    model: { kind: 'cnn-small', filters: [4, 8], dense: [16] },
    learningRate: 0.01,
    members: MEMBERS,
    steps: STEPS,
    batchSize: 8,
    seed: 1,
    levels: [hookerSchedule(0.5, STEPS), hookerSchedule(0.9, STEPS)],
  };
  const predict = async (backend: BackendName): Promise<Map<string, Uint16Array>> => {
    const predictions = new Map<string, Uint16Array>();
    const engine = createEngine();
    const run = engine.start({ plan, data, done: [], backend }, (event) => {
      if (event.kind === 'member') predictions.set(keyText(event.result.key), event.result.predictions);
    });
    expect(await run.finished).toEqual({ kind: 'done' });
    return predictions;
  };
  const [wanted, got] = [await predict('simd'), await predict('webgpu')];
  expect(got.size).toBe(MEMBERS * 3);
  expect([...got.keys()].sort()).toEqual([...wanted.keys()].sort());
  let same = 0;
  for (const [name, labels] of wanted) labels.forEach((label, i) => (same += got.get(name)![i] === label ? 1 : 0));
  const all = MEMBERS * 3 * data.auditIndices.length;
  expect(all).toBeGreaterThan(0);
  expect(same / all).toBeGreaterThanOrEqual(0.99);
  // Members have learnt different things, so that agreement means something.
  expect(new Set([...wanted.values()].map((labels) => labels.join())).size).toBeGreaterThan(MEMBERS / 2);
});
