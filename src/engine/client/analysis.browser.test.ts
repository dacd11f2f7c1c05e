import { expect, it, vi } from 'vitest';
import { withDepth } from '#audit/depth.ts';
import type { AuditOptions, DepthPart } from '#audit/result.ts';
import { createAnalysis } from '#engine/client/analysis.ts';
import { drawnTable } from '#testing/drawn-table.ts';

const OPTIONS: AuditOptions = { positive: '1', tieRule: 'largest-class', seed: 1, percentiles: [90], minCount: 1 };
const TABLE = drawnTable(['mild', 'hard']);

it('counts in a thread of its own, first what has a closed form and then the rest', async () => {
  const parts: DepthPart[] = [];
  const quick = await createAnalysis().audit(TABLE, OPTIONS, (part) => parts.push(part));
  expect(quick.comparisons[1]!.subgroups).toHaveLength(1 + 4 + 4);
  expect(quick.comparisons[1]!.taxicab.ranking).toHaveLength(300);
  await vi.waitFor(
    () => {
      expect(parts).toHaveLength(3);
    },
    { timeout: 10_000 },
  );
  const whole = parts.reduce(withDepth, quick);
  expect(whole.deep).toBe(true);
  expect(whole.comparisons.every(({ slices, enough }) => slices !== null && enough !== null)).toBe(true);
});

it('rejects what is asked of a thread that fails', async () => {
  const script = URL.createObjectURL(new Blob(['onmessage = () => { throw new Error("no memory"); };']));
  const analysis = createAnalysis(() => new Worker(script));
  await expect(analysis.audit(TABLE, OPTIONS, () => undefined)).rejects.toThrow('no memory');
});
