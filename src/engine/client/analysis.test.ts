import { describe, expect, it, vi } from 'vitest';
import { audit } from '#audit/audit.ts';
import { auditJson } from '#audit/audit-json.ts';
import { depthParts, withDepth } from '#audit/depth.ts';
import type { AuditOptions, AuditResult, DepthPart } from '#audit/result.ts';
import { createAnalysis } from '#engine/client/analysis.ts';
import { serve } from '#engine/protocol/rpc.ts';
import { analysisHandlers } from '#engine/worker/analysis.ts';
import { drawnTable } from '#testing/drawn-table.ts';

const OPTIONS: AuditOptions = { positive: '1', tieRule: 'largest-class', seed: 1, percentiles: [90], minCount: 1 };

/** The real handlers behind a MessageChannel on this thread; `die` is what a browser tells of a worker that is gone. */
function startWorkers(depth = depthParts) {
  const ports: MessagePort[] = [];
  const spawn = () => {
    const { port1, port2 } = new MessageChannel();
    serve(port2, (emit: Parameters<typeof analysisHandlers>[0]) => analysisHandlers(emit, depth));
    ports.push(port1);
    return Object.assign(port1, {
      terminate: () => {
        port1.close();
      },
    });
  };
  const die = (message: string): void => {
    ports.at(-1)!.dispatchEvent(Object.assign(new Event('error'), { message }));
  };
  return { analysis: createAnalysis(spawn), die, started: () => ports.length };
}

/** However busy the machine is. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 20_000 });

const TABLE = drawnTable(['mild', 'hard', 'harsh']);
const json = (result: AuditResult) => JSON.stringify(auditJson(result, TABLE.examples));
const named = (part: DepthPart): string => (part.kind === 'level' ? part.level : part.kind);

describe('the analysis worker', () => {
  it('answers an audit at once, then part by part, and in the end it is the whole audit', async () => {
    const { analysis } = startWorkers();
    const parts: DepthPart[] = [];
    const quick = await analysis.audit(TABLE, OPTIONS, (part) => parts.push(part));
    expect(quick).toMatchObject({ deep: false, controlled: false, failure: null });
    expect(quick.comparisons[0]!.subgroups[0]!.change.error.percent.both.low).not.toBeNull();
    await eventually(() => {
      expect(parts.map(named)).toEqual(['null-control', 'mild', 'hard', 'harsh']);
    });
    const states = parts.map((_, i) => parts.slice(0, i + 1).reduce(withDepth, quick));
    expect(states.map(({ deep }) => deep)).toEqual([false, false, false, true]);
    expect(json(states.at(-1)!)).toBe(json(audit(TABLE, OPTIONS)));
  });

  it('counts the level first that is looked at, and answers other questions in between', async () => {
    const { analysis } = startWorkers();
    const parts: DepthPart[] = [];
    await analysis.audit(TABLE, OPTIONS, (part) => parts.push(part));
    analysis.prefer('harsh');
    const again = await analysis.auditAlone({ ...TABLE, compressed: TABLE.compressed.slice(0, 1) }, OPTIONS);
    expect(again.comparisons).toHaveLength(1);
    expect(await analysis.live(TABLE, 1)).toHaveProperty('chance');
    expect(parts.length).toBeLessThan(4);
    await eventually(() => {
      expect(parts.map(named)).toEqual(['null-control', 'harsh', 'mild', 'hard']);
    });
  });

  it('says nothing more of an audit that was overtaken or is not wanted any more', async () => {
    const { analysis } = startWorkers();
    const [first, second]: DepthPart[][] = [[], []];
    await analysis.audit(TABLE, OPTIONS, (part) => first!.push(part));
    await analysis.audit(TABLE, OPTIONS, (part) => second!.push(part));
    await eventually(() => {
      expect(second).toHaveLength(4);
    });
    expect(first).toEqual([]);
    await analysis.audit(TABLE, OPTIONS, (part) => first!.push(part));
    analysis.cancel();
    await analysis.live(TABLE, 1);
    expect(first).toEqual([]);
  });

  it('says that the depth failed, and what stands stands', async () => {
    const { analysis } = startWorkers(function* (prepared, quick, wanted) {
      yield* [...depthParts(prepared, quick, wanted)].slice(0, 1);
      throw new RangeError('Array buffer allocation failed');
    });
    const parts: DepthPart[] = [];
    const quick = await analysis.audit(TABLE, OPTIONS, (part) => parts.push(part));
    await eventually(() => {
      expect(parts.map(named)).toEqual(['null-control', 'failed']);
    });
    const failed = parts.reduce(withDepth, quick);
    expect(failed).toMatchObject({ controlled: true, deep: true, failure: 'Array buffer allocation failed' });
  });

  it('says so where the worker dies at it, and the next question starts another', async () => {
    const { analysis, die, started } = startWorkers();
    const parts: DepthPart[] = [];
    await analysis.audit(TABLE, OPTIONS, (part) => parts.push(part));
    die('out of memory');
    expect(parts).toEqual([{ kind: 'failed', message: 'A worker stopped: out of memory.' }]);
    const waiting = analysis.audit(TABLE, OPTIONS, (part) => parts.push(part));
    die('again');
    await expect(waiting).rejects.toThrow('again');
    expect(parts).toHaveLength(1);
    expect(await analysis.live(TABLE, 1)).toHaveProperty('levels');
    expect(started()).toBe(3);
  });
});
