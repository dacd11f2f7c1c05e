import { describe, expect, it, vi } from 'vitest';
import { keptCount } from '#compression/mask.ts';
import { levelName } from '#compression/spec.ts';
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

  it('chooses WebAssembly where graphics are rendered in software, says why, and makes levels of every kind', async () => {
    const filters = { kind: 'structured', norm: 'l1', sparsity: 0.5, begin: 2, end: 20, every: 3 } as const;
    const student = { kind: 'distilled', student: { kind: 'mlp', hidden: [4] }, temperature: 4, weight: 0.9 } as const;
    const fixed = { kind: 'fixed-int8', calibration: 10 } as const;
    const stages = [filters, student].map((stage) => ({ kind: 'pipeline' as const, stages: [stage, fixed] }));
    const levels = [student, ...stages, fixed, { kind: 'qat-int8', begin: 9, calibration: 10 } as const];
    const { events, members } = await run(undefined, { ...plan, levels });
    const names = ['baseline', ...levels.map(levelName)].flatMap((level) => [`${level} 0`, `${level} 1`]);
    expect([...members.keys()].sort()).toEqual(names.sort());
    const [admitted] = events.filter((event) => event.kind === 'admitted');
    expect(admitted?.admission.backend).toBe('simd');
    expect(admitted?.admission.reason).toContain('rendered in software, which is 50 to 400 times slower');
  });

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
