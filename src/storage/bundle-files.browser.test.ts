import { expect, it } from 'vitest';
import { auditRecord, memberResult, tinyDataset } from '#testing/records.ts';
import { createBundleFiles } from './bundle-files.ts';
import type { Bundle } from './bundle.ts';

const bundle: Bundle = {
  record: auditRecord('a1'),
  dataset: tinyDataset(),
  members: [memberResult('baseline', 0), memberResult('pruned-0.9', 1)],
  labels: [],
};

it('brings an audit back through real workers as it was, and passes a refusal on', async () => {
  const files = createBundleFiles();
  const bytes = await files.pack(bundle);
  expect(bundle.members[0]!.weights.length).toBeGreaterThan(0); // what was packed is still there
  expect(await files.unpack(bytes, 'a.longtail.zip')).toEqual({ ok: true, value: bundle });
  expect(await files.unpack(new Uint8Array(4), 'b.zip')).toMatchObject({ ok: false, problem: { code: 'bundle' } });
});
