import { beforeAll, expect, it, vi } from 'vitest';
import type { CompressionSpec, QuantizedSpec, StageSpec } from '#compression/spec.ts';
import { levelName } from '#compression/spec.ts';
import { createSimdExecutor } from '#engine/executors/simd/executor.ts';
import { createWebglExecutor } from '#engine/executors/webgl/executor.ts';
import { createWebgpuExecutor } from '#engine/executors/webgpu/executor.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import { predictMember } from '#engine/worker/member-prediction.ts';
import { prepareRun } from '#engine/worker/run-context.ts';
import { tinyData, tinyPlan } from '#testing/tiny-run.ts';
import { trainedMembers } from '#testing/trained-members.ts';

vi.setConfig({ testTimeout: 300_000 }); // a software adapter takes long to compile where the machine is busy

const PRUNED: StageSpec = { kind: 'pruned', semantics: 'hooker', sparsity: 0.8, begin: 2, end: 20, every: 3 };
const FILTERS: StageSpec = { kind: 'structured', norm: 'l1', sparsity: 0.4, begin: 2, end: 20, every: 3 };
const STUDENT: StageSpec = {
  kind: 'distilled',
  student: { kind: 'cnn-small', filters: [3], dense: [] },
  temperature: 4,
  weight: 0.9,
};
const HYBRID: QuantizedSpec = { kind: 'hybrid-int8', tensors: 'all' };
const FIXED: QuantizedSpec = { kind: 'fixed-int8', calibration: 50 };
const after = (trained: StageSpec, quantized: QuantizedSpec): CompressionSpec => ({
  kind: 'pipeline',
  stages: [trained, quantized],
});
const LEVELS: readonly CompressionSpec[] = [
  { kind: 'baseline' },
  PRUNED,
  FILTERS,
  STUDENT,
  { kind: 'qat-int8', begin: 10, calibration: 50 },
  HYBRID,
  FIXED,
  after(PRUNED, FIXED),
  after(FILTERS, HYBRID),
  after(STUDENT, { ...FIXED, bits: 2 }),
];
/** Batch norm, so that folding takes part; 200 audited examples. */
const plan = tinyPlan({ model: { kind: 'resnet-8', filters: [5, 6], blocks: 1 }, batchSize: 50 });
const data = tinyData(600);

let members: readonly MemberResult[];
beforeAll(async () => {
  members = await trainedMembers(
    prepareRun(plan, data, await createSimdExecutor(), () => 0),
    LEVELS,
  );
});

it.each([
  ['webgpu', createWebgpuExecutor],
  ['webgl', createWebglExecutor],
] as const)('a compressed member of every kind predicts on %s what it does on simd', async (_, create) => {
  const created = await create();
  if (!created.ok) throw new Error(created.problem.message);
  expect(members.map(({ key }) => key.level)).toEqual(LEVELS.map(levelName));
  for (const member of members) {
    const { tensors, activations } = member;
    const { classes } = await predictMember(created.value, plan, data, {
      ...member,
      tensors: tensors!,
      activations: activations!,
    });
    const same = classes[0]!.filter((label, i) => label === member.predictions[i]).length;
    expect(same / data.auditIndices.length, member.key.level).toBeGreaterThanOrEqual(0.995);
    expect(new Set(member.predictions).size, member.key.level).toBe(2);
  }
  created.value.dispose();
});
