import { audit } from '#audit/audit.ts';
import { hookerSchedule } from '#compression/schedule.ts';
import { liveCounts } from '#audit/live-counts.ts';
import { resultOf } from '#audit/subgroup-rows.ts';
import { openScores } from '#audit/score-desk.ts';
import { reviewerAgreement } from '#audit/reviewers.ts';
import { categoricalColumn } from '#dataset/build.ts';
import { SPLIT_AUDIT, SPLIT_TRAIN } from '#dataset/dataset.ts';
import type { Dataset } from '#dataset/dataset.ts';
import { createEngine } from '#engine/client/engine.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import type { Plan } from '#engine/model/plan.ts';
import { predictMember } from '#engine/worker/member-prediction.ts';
import { packBundle, unpackBundle } from '#storage/bundle.ts';
import { createRepository } from '#storage/repository.ts';
import type { Repository } from '#storage/repository.ts';
import { memoryKeyValue } from '#storage/key-value.ts';
import { useData } from '#store/data.ts';
import { editPlan, resetPlan } from '#store/plan.ts';
import { provideServices } from '#store/services.ts';
import type { Services } from '#store/services.ts';
import { channelWorker, referenceAs } from './channel-worker.ts';
import { likenessHere } from './likeness.ts';
import { tinyData } from './tiny-run.ts';

const { training, classes } = tinyData(120);
const question = { target: 'where', positive: 'above', attributes: ['pen'], minCount: 5 };

/** 120 pictures of 8x8 pixels, bright above or below; two of three are trained on. */
export const smallDataset: Dataset = {
  name: 'Small pictures',
  noun: ['picture', 'pictures'],
  origin: { kind: 'files', names: ['small.zip'] },
  ids: Array.from({ length: training.examples }, (_, i) => `p${String(i)}`),
  features: { kind: 'images', width: 8, height: 8, channels: 1, pixels: training.inputs.data as Uint8Array },
  columns: [
    categoricalColumn(
      'where',
      [...training.labels].map((label) => classes[label]!),
    ),
    categoricalColumn(
      'pen',
      Array.from({ length: training.examples }, (_, i) => (i % 4 === 0 ? 'red' : 'blue')),
    ),
  ],
  split: Uint8Array.from({ length: training.examples }, (_, i) => (i % 3 === 0 ? SPLIT_AUDIT : SPLIT_TRAIN)),
  hash: 'small-pictures',
  remarks: ['Small pictures, made for a test.'],
  question,
};

/**
 * Puts the small pictures and a plan for them in hand, with services that are real but for the threads: the engine trains with
 * the reference executor, the audit is computed at once, and everything is kept in memory.
 */
export function openSmallAudit(change: Partial<Plan> = {}): Repository {
  const repository = createRepository(memoryKeyValue());
  provideServices({
    engine: createEngine({
      spawn: () => channelWorker([referenceAs('simd')]),
      cores: 2,
      hidden: () => false,
      onVisibility: () => () => undefined,
      now: () => performance.now(),
    }),
    analysis: {
      audit: (table, options) => Promise.resolve(audit(table, options)),
      auditAlone: (table, options) => Promise.resolve(audit(table, options)),
      prefer: () => undefined,
      cancel: () => undefined,
      live: (table, seed) => Promise.resolve(liveCounts(table, seed)),
      reviewers: (ratings, seed) => Promise.resolve(reviewerAgreement(ratings, seed)),
    },
    predictor: {
      predict: async ({ plan, data, member }) => {
        const { classes } = await predictMember(createReferenceExecutor(), plan, data, member);
        return { kind: 'predicted', classes: classes[0]!, detail: 'reference' };
      },
    },
    scores: {
      open: (table, options) => {
        const { groups, at } = openScores(table, options);
        return Promise.resolve({ groups, at: (code) => Promise.resolve(resultOf(at(code))), close: () => undefined });
      },
    },
    likeness: likenessHere,
    sources: null as never,
    repository: Promise.resolve(repository),
    bundleFiles: {
      pack: (bundle) => Promise.resolve(packBundle(bundle)),
      unpack: (bytes, fileName) => Promise.resolve(unpackBundle(bytes, fileName)),
    },
  } satisfies Services);
  const loaded = { dataset: smallDataset, skipped: [], duplicates: { groups: 0, acrossSplits: 0 } };
  useData.setState({ state: { kind: 'ready', loaded, dataset: smallDataset, question } });
  resetPlan(smallDataset, question);
  const steps = change.steps ?? 6;
  editPlan({
    members: 4,
    model: { kind: 'cnn-small', filters: [2], dense: [4] },
    steps,
    batchSize: 8,
    learningRate: 0.05,
    optimizer: { kind: 'sgd', momentum: 0.9 },
  });
  const levels = [
    hookerSchedule(0.5, steps),
    hookerSchedule(0.9, steps),
    { kind: 'hybrid-int8', tensors: 'all' } as const,
  ];
  editPlan({ levels, ...change });
  return repository;
}
