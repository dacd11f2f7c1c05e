import { expect, it, vi } from 'vitest';
import type { Dataset } from '#dataset/dataset.ts';
import { ok, type Result } from '#lib/result.ts';
import type { LoadedDataset } from '#sources/source.ts';
import { packBundle } from '#storage/bundle.ts';
import { auditRecord, memberResult } from '#testing/records.ts';
import { openSmallAudit, smallDataset } from '#testing/small-audit.ts';
import { useData } from './data.ts';
import { useEvidence } from './evidence.ts';
import { importAudit } from './library.ts';
import { usePlan } from './plan.ts';
import { services } from './services.ts';
import { startTraining, stopTraining, useTraining } from './training.ts';

const origin = { kind: 'faces', seed: 1, count: 120 } as const;
const whole: Dataset = { ...smallDataset, origin };
const AUDITED = 40;

it('shows an audit of built-in data with small copies, keeps and trains on the whole ones only', async () => {
  const repository = openSmallAudit();
  let made: (reply: Result<LoadedDataset>) => void = () => undefined;
  const builtin = vi.fn(() => new Promise<Result<LoadedDataset>>((resolve) => (made = resolve)));
  Object.assign(services(), { sources: { builtin } });
  const plan = usePlan.getState().plan!;
  const said = (label: number): number[] => new Array<number>(AUDITED).fill(label);
  const features = { ...smallDataset.features, pixels: new Uint8Array(120 * 64) } as Dataset['features'];
  const bytes = packBundle({
    record: { ...auditRecord('copies'), plan, planned: 4, datasetHash: whole.hash },
    dataset: { name: whole.name, origin, hash: whole.hash },
    preview: { dataset: { ...whole, features }, sheet: new Uint8Array() },
    members: [
      ...[0, 1].map((index) => memberResult('baseline', index, said(0))),
      ...[0, 1].map((index) => memberResult('pruned-0.9', index, said(1))),
    ],
    labels: [],
  });

  await importAudit(new File([bytes], 'copies.longtail.zip'));
  const shown = () => {
    const { state } = useData.getState();
    return state.kind === 'ready' ? state.dataset : null;
  };
  expect(useEvidence.getState().state.kind).toBe('ready');
  expect(shown()!.remarks[0]).toMatch(/^These are small copies/u);
  await vi.waitUntil(() => builtin.mock.calls.length === 1);
  expect(await repository.dataset(whole.hash)).toBeNull();

  const started = startTraining();
  await Promise.resolve();
  expect(useTraining.getState()).toMatchObject({ status: 'done', auditId: 'copies' });
  made(ok({ dataset: whole, skipped: [], duplicates: { groups: 0, acrossSplits: 0 } }));
  await started;
  expect(shown()).toBe(whole);
  expect((await repository.dataset(whole.hash))?.remarks[0]).toBe(whole.remarks[0]);
  expect(useTraining.getState().auditId).not.toBe('copies');
  stopTraining();
});
