import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { hookerSchedule } from '#compression/schedule.ts';
import { isPostTraining, levelName } from '#compression/spec.ts';
import { trainingData } from '#dataset/training-data.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import type { Plan } from '#engine/model/plan.ts';
import { presetPlan } from '#engine/model/presets.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import { quantizeMembers } from '#engine/worker/post-training.ts';
import { prepareRun, type MemberStream } from '#engine/worker/run-context.ts';
import { trainMembers } from '#engine/worker/trainer.ts';
import { drawFaces } from '#sources/builtin/faces/faces.ts';
import { finishDataset } from '#sources/finish.ts';
import { packBundle } from '#storage/bundle.ts';

/**
 * Trains the audit that the app shows behind its first door and writes it as a bundle, without weights:
 * `npm run finished-audit -- --members 10 --steps 400 --out public/finished/faces.longtail.zip`. One core, tens of minutes.
 */
const { values: options } = parseArgs({
  options: {
    members: { type: 'string', default: '10' },
    steps: { type: 'string', default: '400' },
    count: { type: 'string', default: '20000' },
    out: { type: 'string', default: 'public/finished/faces.longtail.zip' },
  },
});
const steps = Number(options.steps);

const { dataset } = await finishDataset(drawAll(), []);
const { question, name, origin, hash } = dataset;
const data = trainingData(dataset, question);
const preset = presetPlan('class-hour', {
  dataset: { name, hash },
  question,
  kind: 'images',
  trainExamples: data.trainIndices.length,
});
const plan: Plan = {
  ...preset,
  members: Number(options.members),
  steps,
  learningRate: 0.002,
  levels: preset.levels.map((spec) => (spec.kind === 'pruned' ? hookerSchedule(spec.sparsity, steps) : spec)),
};
const executor = await createSimdExecutor();
executor.load(data.training);
const context = prepareRun(plan, data, executor);
const members: MemberResult[] = [];
const began = new Date();

for (let index = 0; index < plan.members; index++) {
  const baseline = await only(
    trainMembers(context, [{ kind: 'training', key: { level: 'baseline', index }, spec: { kind: 'baseline' } }]),
  );
  members.push(baseline);
  for (const spec of plan.levels) {
    const key = { level: levelName(spec), index };
    if (isPostTraining(spec) && spec.kind !== 'pruned') {
      const { weights, diverged } = baseline;
      members.push(
        await only(
          quantizeMembers(context, [{ kind: 'post-training', key, spec, weights: weights.slice(), diverged }]),
        ),
      );
    } else if (spec.kind === 'pruned') {
      members.push(await only(trainMembers(context, [{ kind: 'training', key, spec }])));
    }
    const last = members[members.length - 1];
    process.stderr.write(
      `${key.level} ${String(index + 1)}/${String(plan.members)} accuracy ${last?.accuracy.toFixed(4) ?? ''}\n`,
    );
  }
}

const bundle = packBundle({
  record: {
    schemaVersion: 1,
    id: 'finished-faces',
    name: `${name}, “${question.target}”`,
    createdAt: began.toISOString(),
    status: 'done',
    plan,
    planned: members.length,
    datasetHash: hash,
    admission: {
      backend: 'simd',
      detail: executor.detail,
      workers: 1,
      reason: 'This audit was trained beforehand, without a browser, by the same engine.',
      tried: [],
    },
  },
  dataset: { name, origin, hash },
  members: members.map((member) => ({ ...member, weights: new Float32Array() })),
  labels: [],
});
mkdirSync(dirname(options.out), { recursive: true });
writeFileSync(options.out, bundle);
process.stderr.write(`${options.out}: ${String(bundle.byteLength)} bytes\n`);

function drawAll() {
  const drawing = drawFaces({ seed: 1, count: Number(options.count) });
  let step = drawing.next();
  while (step.done !== true) step = drawing.next();
  return step.value;
}

/** The one member that a stream makes. */
async function only(stream: MemberStream): Promise<MemberResult> {
  for await (const event of stream) if (event.kind === 'member') return event.result;
  throw new Error('The stream ended without a member.');
}
