import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SPLIT_AUDIT } from '#dataset/dataset.ts';
import { levelName } from '#compression/spec.ts';
import { parsePlan } from '#engine/model/plan-file.ts';
import { unpackBundle } from './bundle.ts';

const bytes = readFileSync(new URL('../../public/finished/faces.longtail.zip', import.meta.url));
const unpacked = unpackBundle(bytes, 'faces.longtail.zip');
if (!unpacked.ok) throw new Error(unpacked.problem.message);
const { record, members, preview } = unpacked.value;

test('the finished audit opens: its plan is read, its members have their levels and sizes', () => {
  expect(parsePlan(record.plan)).toMatchObject({ ok: true });
  expect(members).toHaveLength(record.planned);
  for (const { key, spec, sizes, sparsity } of members) {
    expect(key.level).toBe(levelName(spec));
    expect([sizes.denseBytes, sizes.sparseBytes, sizes.int8Bytes].every((bytes) => bytes > 0)).toBe(true);
    if (spec.kind === 'pruned') expect(sparsity.achieved).toBeCloseTo(spec.sparsity, 2);
  }
});

test('it brings probabilities, the embeddings of one member and small pictures, in less than 3 MB', () => {
  expect(bytes.byteLength).toBeLessThan(3_000_000);
  const audited = preview!.dataset.split.filter((part) => part === SPLIT_AUDIT).length;
  expect(preview!.sheet.byteLength).toBeGreaterThan(500_000);
  for (const { key, predictions, probabilities, embeddings } of members) {
    expect(predictions).toHaveLength(audited);
    expect(predictions.every((label, x) => label === Number(probabilities![x]! >= 32_768))).toBe(true);
    const isSeer = key.level === 'baseline' && key.index === 0;
    expect(embeddings?.values.length).toBe(isSeer ? audited * embeddings!.width : undefined);
  }
});
