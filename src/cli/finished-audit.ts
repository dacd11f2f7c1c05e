import startSkia from 'canvaskit-wasm/full';
import { mkdirSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hookerSchedule } from '#compression/schedule.ts';
import { planFacts } from '#dataset/plan-facts.ts';
import type { Plan } from '#engine/model/plan.ts';
import { planJson } from '#engine/model/plan-file.ts';
import { presetPlan } from '#engine/model/presets.ts';
import type { Dataset } from '#dataset/dataset.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import { packBundle, unpackBundle } from '#storage/bundle.ts';
import { sheetOf, type Preview } from '#storage/preview.ts';
import { need } from './answer.ts';
import type { DataArguments } from './data-arguments.ts';
import { readBytes, writeWhole } from './files.ts';
import { readOptions } from './options.ts';
import { progressLine } from './progress-line.ts';
import { readData } from './read-data.ts';
import { FILES } from './run-folder.ts';
import { run } from './run.ts';

/**
 * Trains the audit that the app shows behind its first door and writes it as a bundle, without weights, with small copies of the
 * audited faces:
 * `npm run finished-audit -- --members 10 --steps 400 --out public/finished/faces.longtail.zip`. Tens of minutes; run again
 * it goes on in the same folder.
 */
const SHEET_QUALITY = 40;
const { values } = need(readOptions(process.argv.slice(2), ['members', 'steps', 'count', 'folder', 'out']));
const { members = '10', steps: stepsText = '400', count = '20000' } = values;
const { folder = join(tmpdir(), 'longtail-finished-audit'), out = 'public/finished/faces.longtail.zip' } = values;
const steps = Number(stepsText);
const { signal } = new AbortController();
const progress = progressLine(process.stderr, () => performance.now());

const none = { image: undefined, label: undefined, split: undefined, attributes: undefined, inputs: undefined };
const data: DataArguments = {
  place: { kind: 'builtin', id: 'faces', faces: Number(count) },
  wishes: { ...none, size: undefined },
};
const { dataset } = need(await readData(data, { asked: null, hash: '', onProgress: () => undefined, signal }));
const preset = presetPlan('class-hour', planFacts(dataset, dataset.question));
const plan: Plan = {
  ...preset,
  members: Number(members),
  steps,
  levels: preset.levels.map((spec) => (spec.kind === 'pruned' ? hookerSchedule(spec.sparsity, steps) : spec)),
};
const planPath = `${folder}.plan.json`;
need(writeWhole(planPath, [planJson(plan)]));
const end = await run(
  {
    plan: planPath,
    data,
    out: folder,
    range: null,
    workers: availableParallelism(),
    backend: 'simd',
    weights: [],
    weightsForm: 'dense',
  },
  { signal, show: progress.show, note: progress.note },
);
progress.note(end.said);
if (end.status !== 0) process.exit(end.status);

const made = join(folder, FILES.bundle);
const bundle = need(unpackBundle(need(readBytes(made)), made));
const { admission } = bundle.record;
const reason = 'This audit was trained beforehand, without a browser, by the same engine.';
const packed = packBundle({
  ...bundle,
  record: { ...bundle.record, id: 'finished-faces', admission: admission && { ...admission, reason } },
  members: bundle.members.map(rounded),
  preview: await previewOf(dataset),
});
mkdirSync(dirname(out), { recursive: true });
need(writeWhole(out, [packed]));
progress.note(`${out}: ${String(packed.byteLength)} bytes`);

/** As precise as fits into the file: log-odds in steps of 1/128, embeddings with 8 significant bits. */
function rounded(member: MemberResult): MemberResult {
  const { probabilities, embeddings } = member;
  return {
    ...member,
    ...(probabilities && { probabilities: probabilities.map((code) => (code & ~15) | 8) }),
    ...(embeddings && { embeddings: { ...embeddings, values: withEightBits(embeddings.values) } }),
  };
}

function withEightBits(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.slice().buffer);
  return new Float32Array(bits.map((word) => (word + 0x8000) & 0xffff0000).buffer);
}

async function previewOf(whole: Dataset): Promise<Preview> {
  const sheet = sheetOf(whole);
  const kit = await startSkia();
  const picture =
    sheet &&
    kit.MakeImage(
      {
        width: sheet.width,
        height: sheet.height,
        colorType: kit.ColorType.RGBA_8888,
        alphaType: kit.AlphaType.Opaque,
        colorSpace: kit.ColorSpace.SRGB,
      },
      sheet.rgba,
      4 * sheet.width,
    );
  const file = picture?.encodeToBytes(kit.ImageFormat.WEBP, SHEET_QUALITY);
  if (!file || whole.features.kind !== 'images') throw new Error('The sheet of pictures could not be encoded.');
  return { dataset: { ...whole, features: { ...whole.features, pixels: new Uint8Array() } }, sheet: file };
}
