import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { levelName } from '#compression/spec.ts';
import { parsePlan } from '#engine/model/plan-file.ts';
import { unpackBundle } from './bundle.ts';

test('an audit that an earlier version saved opens: its plan is read, its members have their levels and sizes', () => {
  const file = new URL('../../public/finished/faces.longtail.zip', import.meta.url);
  const unpacked = unpackBundle(readFileSync(file), 'faces.longtail.zip');
  if (!unpacked.ok) throw new Error(unpacked.problem.message);
  const { record, members } = unpacked.value;
  expect(parsePlan(record.plan)).toMatchObject({ ok: true });
  expect(members).toHaveLength(record.planned);
  for (const { key, spec, sizes, sparsity } of members) {
    expect(key.level).toBe(levelName(spec));
    expect([sizes.denseBytes, sizes.sparseBytes, sizes.int8Bytes].every((bytes) => bytes > 0)).toBe(true);
    if (spec.kind === 'pruned') expect(sparsity.achieved).toBeCloseTo(spec.sparsity, 2);
  }
});
