import { describe, expect, it, vi } from 'vitest';
import { keptCount } from '#compression/mask.ts';
import { createEngine } from '#engine/client/engine.ts';
import type { BackendName } from '#engine/executors/executor.ts';
import type { MemberResult, RunEvent } from '#engine/protocol/run.ts';
import { keyText } from '#engine/protocol/worker-methods.ts';
import { tinyData, tinyPlan } from '#testing/tiny-run.ts';

const plan = tinyPlan();
const data = tinyData(192);

/** Runs a plan in real workers. */
async function run(
  backend?: BackendName,
  planned = plan,
): Promise<{ events: RunEvent[]; members: Map<string, MemberResult> }> {
  const engine = createEngine();
  const events: RunEvent[] = [];
  const request = { plan: planned, data, done: [], ...(backend === undefined ? {} : { backend }) };
  const outcome = await engine.start(request, (event) => events.push(event)).finished;
  engine.dispose();
  expect(outcome).toEqual({ kind: 'done' });
  const results = events.filter((event) => event.kind === 'member').map(({ result }) => result);
  return { events, members: new Map(results.map((result) => [keyText(result.key), result])) };
}

/** Share of all predictions of all members that two runs have in common. */
function agreement(a: Map<string, MemberResult>, b: Map<string, MemberResult>): number {
  let same = 0;
  let all = 0;
  for (const [name, { predictions }] of a) {
    const others = b.get(name)!.predictions;
    predictions.forEach((label, i) => (same += label === others[i] ? 1 : 0));
    all += predictions.length;
  }
  return same / all;
}

vi.setConfig({ testTimeout: 300_000 }); // a software adapter takes long to compile where the machine is busy

describe('the engine in real workers', () => {
  let reference: ReturnType<typeof run> | null = null;

  it('chooses WebAssembly where graphics are rendered in software, and says why', async () => {
    const { events } = await run();
    const [admitted] = events.filter((event) => event.kind === 'admitted');
    expect(admitted?.admission.backend).toBe('simd');
    expect(admitted?.admission.reason).toContain('rendered in software, which is 50 to 400 times slower');
  });

  it.each([
    ['simd', 5000],
    ['webgpu', 40],
  ] as const)(
    'goes on from the checkpoint of a %s worker that died, to bitwise the same members',
    async (backend, long) => {
      const workers: Worker[] = [];
      const engine = createEngine({
        spawn: () => {
          const worker = new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module' });
          workers.push(worker);
          return worker;
        },
        cores: 1,
        hidden: () => false,
        onVisibility: () => () => undefined,
        now: () => performance.now(),
      });
      const longer = tinyPlan({ members: 1, steps: long, levels: plan.levels.slice(1, 2) });
      const results: MemberResult[] = [];
      const steps: number[] = [];
      let saved: number | null = null;
      const handle = engine.start({ plan: longer, data, done: [], backend }, (event) => {
        if (event.kind === 'progress' && event.training[0] !== undefined) {
          if (saved !== null && results.length === 0) steps.push(event.training[0].step);
          if (saved === null && event.training[0].step > 0) handle.pause();
        }
        if (event.kind === 'checkpoint' && saved === null) {
          saved = event.checkpoint.step;
          workers[0]!.dispatchEvent(new ErrorEvent('error', { message: 'killed' }));
          handle.resume();
        }
        if (event.kind === 'member') results.push(event.result);
      });
      expect(await handle.finished).toEqual({ kind: 'done' });
      expect(workers).toHaveLength(2);
      expect(saved).toBeGreaterThan(0);
      expect(Math.min(...steps)).toBeGreaterThanOrEqual(saved!);
      const undisturbed = await run(backend, longer);
      for (const { key, weights, lossCurve } of results) {
        const same = undisturbed.members.get(keyText(key))!;
        expect(weights).toEqual(same.weights);
        expect(lossCurve).toEqual(same.lossCurve);
      }
    },
  );

  it.each(['simd', 'webgl', 'webgpu'] as const)(
    '%s gives the predictions of the reference and exact sparsities',
    async (backend) => {
      const [expected, got] = [await (reference ??= run('reference')), await run(backend)];
      expect([...got.members.keys()].sort()).toEqual([...expected.members.keys()].sort());
      expect(got.members.size).toBe(plan.members * (plan.levels.length + 1));
      expect(agreement(expected.members, got.members)).toBeGreaterThanOrEqual(0.99);
      for (const { spec, tensors, backend: used } of got.members.values()) {
        expect(used).toBe(backend);
        if (spec.kind !== 'pruned') continue;
        const planned = tensors!.filter(({ plannedSparsity }) => plannedSparsity !== null);
        expect(planned.length).toBeGreaterThan(0);
        for (const { size, achievedSparsity } of planned)
          expect(achievedSparsity * size).toBeCloseTo(size - keptCount(size, spec.sparsity), 9);
      }
    },
  );
});
