import { describe, expect, it } from 'vitest';
import type { ActivationQuantization } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { memberProgram } from '#engine/model/member-program.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import { quantizeMembers } from '#engine/worker/post-training.ts';
import { predictAudit } from '#engine/worker/prediction.ts';
import { prepareRun } from '#engine/worker/run-context.ts';
import type { MemberStream } from '#engine/worker/run-context.ts';
import { trainMembers } from '#engine/worker/trainer.ts';
import { tinyData, tinyPlan } from '#testing/tiny-run.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { readMemberWeights, writeMemberWeights, type MemberWeights } from './weights.ts';

const plan = tinyPlan({ model: { kind: 'resnet-8', filters: [3, 4], blocks: 1 } });
const run = prepareRun(plan, tinyData(), createReferenceExecutor(), () => 0);
const facts = { input: tinyData().input, classes: 2 };

async function membersOf(stream: MemberStream): Promise<MemberResult[]> {
  const results: MemberResult[] = [];
  for await (const event of stream) if (event.kind === 'member') results.push(event.result);
  return results;
}

/** How activations are rounded, from the file alone. */
function roundingOf(
  { spec, tensors, activations }: MemberWeights,
  ops: readonly { name: string }[],
): ActivationQuantization {
  if (spec.kind === 'fixed-int8') return { kind: 'fixed', points: [activations.map(({ grid }) => grid)] };
  if (spec.kind !== 'hybrid-int8') return { kind: 'none' };
  const rounded = new Set(tensors.flatMap(({ name, quantization }) => (quantization === null ? [] : [name])));
  return { kind: 'dynamic', ops: ops.map(({ name }) => rounded.has(`${name}/kernel`)) };
}

describe('the weights of a member', () => {
  it('give the same predictions when they are read back: trained, pruned and quantized', async () => {
    const task = <S extends MemberResult['spec']>(spec: S) => ({ key: { level: spec.kind, index: 0 }, spec });
    const pruned = { kind: 'pruned', semantics: 'hooker', sparsity: 0.5, begin: 2, end: 20, every: 3 } as const;
    const trained = await membersOf(
      trainMembers(run, [
        { kind: 'training', ...task({ kind: 'baseline' } as const) },
        { kind: 'training', ...task(pruned) },
      ]),
    );
    const shared = { kind: 'post-training', weights: trained[0]!.weights, diverged: false } as const;
    const made = await membersOf(
      quantizeMembers(run, [
        { ...shared, ...task({ kind: 'hybrid-int8', tensors: 'all', bits: 4 } as const) },
        { ...shared, ...task({ kind: 'fixed-int8', calibration: 20 } as const) },
      ]),
    );
    for (const member of [...trained, ...made]) {
      const program = memberProgram(plan, facts, member.spec);
      const read = readMemberWeights(writeMemberWeights(member, program, plan), program, 'a.safetensors');
      if (!read.ok) throw new Error(read.problem.message);
      const { weights: parameters, key, spec } = read.value;
      expect({ key, spec }).toEqual({ key: member.key, spec: member.spec });
      const { optimizer, batchSize } = plan;
      const chunk = run.executor.createChunk({ program, members: 1, batchSize, optimizer, parameters });
      const prediction = predictAudit({ ...run, program }, chunk, roundingOf(read.value, program.ops));
      let part = await prediction.next();
      while (part.done !== true) part = await prediction.next();
      expect(part.value.classes[0]).toEqual(member.predictions);
    }
  });

  it('are refused for another model, and where they are no member', async () => {
    const [member] = await membersOf(
      trainMembers(run, [{ kind: 'training', key: { level: 'baseline', index: 0 }, spec: { kind: 'baseline' } }]),
    );
    const program = memberProgram(plan, facts, { kind: 'baseline' });
    const bytes = writeMemberWeights(member!, program, plan);
    const other = memberProgram({ model: { kind: 'mlp', hidden: [2] } }, facts, { kind: 'baseline' });
    expect(readMemberWeights(bytes, other, 'a')).toMatchObject({ problem: { message: /no tensor dense1/ } });
    const foreign = writeSafetensors({ tensors: [], metadata: {} });
    expect(readMemberWeights(foreign, program, 'a')).toMatchObject({ problem: { message: /no member/ } });
  });
});

describe('safetensors', () => {
  it('are written as the format says', () => {
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    const bytes = writeSafetensors({ tensors: [{ name: 'é', shape: [2, 3], data }], metadata: { a: 'b' } });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
      __metadata__: { a: 'b' },
      é: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    });
    expect(new Float32Array(bytes.slice(8 + length).buffer)).toEqual(data);
    const inTheMiddle = new Uint8Array(bytes.length + 3).subarray(3);
    inTheMiddle.set(bytes);
    expect(readSafetensors(inTheMiddle, 'a')).toEqual({
      ok: true,
      value: { tensors: [{ name: 'é', shape: [2, 3], data }], metadata: { a: 'b' } },
    });
  });

  it('are refused when cut anywhere, and with other numbers', () => {
    const tensors = [{ name: 'x', shape: [2], data: Float32Array.of(1, 2) }];
    const bytes = writeSafetensors({ tensors, metadata: {} });
    for (let end = 0; end < bytes.length; end++) expect(readSafetensors(bytes.slice(0, end), 'a').ok).toBe(false);
    const text = new TextDecoder('latin1').decode(bytes).replace('F32', 'I32');
    const integers = Uint8Array.from(text, (char) => char.charCodeAt(0));
    expect(readSafetensors(integers, 'a')).toMatchObject({ problem: { message: /type I32, expected F32/ } });
  });
});
