import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { memberProgram } from '#engine/model/member-program.ts';
import type { StepProgram, TensorSlot } from '#engine/model/program.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import { predictMember } from '#engine/worker/member-prediction.ts';
import { prepareRun } from '#engine/worker/run-context.ts';
import { tinyData, tinyPlan } from '#testing/tiny-run.ts';
import { trainedMembers } from '#testing/trained-members.ts';
import { packTensor, unpackTensor } from './packed-tensors.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { readWeightsFile, writeMemberWeights } from './weights.ts';

const plan = tinyPlan({ model: { kind: 'resnet-8', filters: [3, 4], blocks: 1 } });
const data = tinyData();
const run = prepareRun(plan, data, createReferenceExecutor(), () => 0);
const structured = { kind: 'structured', norm: 'l1', sparsity: 0.5, begin: 2, end: 20, every: 3 } as const;
const facts = { input: data.input, classes: 2 };
const programOf = ({ spec }: Pick<MemberResult, 'spec'>): StepProgram => memberProgram(plan, facts, spec);

function readBack(bytes: Uint8Array, program: StepProgram) {
  const file = readWeightsFile(bytes, 'a');
  const read = file.ok ? file.value.weightsFor(program) : file;
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

describe('the weights of a member', () => {
  it('give the same predictions when they are read back: trained, pruned, quantized, smaller and distilled, dense and compressed', async () => {
    const members = await trainedMembers(run, [
      { kind: 'baseline' },
      { kind: 'pruned', semantics: 'hooker', sparsity: 0.9, begin: 2, end: 20, every: 3 },
      { kind: 'qat-int8', begin: 10, calibration: 20 },
      { kind: 'hybrid-int8', tensors: 'all', bits: 4 },
      { kind: 'fixed-int8', calibration: 20 },
      structured,
      { kind: 'pipeline', stages: [structured, { kind: 'fixed-int8', calibration: 20 }] },
      { kind: 'distilled', student: { kind: 'mlp', hidden: [3] }, temperature: 2, weight: 0.5 },
    ]);
    expect(members).toHaveLength(8);
    const lengths = { dense: new Map<string, number>(), compressed: new Map<string, number>() };
    for (const member of members) {
      for (const form of ['dense', 'compressed'] as const) {
        const bytes = writeMemberWeights(member, programOf(member), plan, form);
        const read = readBack(bytes, programOf(member));
        expect(read.key).toEqual(member.key);
        expect(read.spec).toEqual(member.spec);
        expect(read.weights).toEqual(member.weights);
        if (form === 'compressed') {
          const { classes } = await predictMember(createReferenceExecutor(), plan, data, read);
          expect(classes[0]).toEqual(member.predictions);
        }
        const tensors = readSafetensors(bytes, 'a');
        const sum = tensors.ok ? tensors.value.tensors.reduce((all, tensor) => all + tensor.data.byteLength, 0) : NaN;
        lengths[form].set(member.key.level, sum);
      }
    }
    for (const level of ['pruned-0.9', 'qat-int8', 'hybrid-int4', 'fixed-int8'])
      expect(lengths.compressed.get(level)).toBeLessThan(0.6 * lengths.dense.get(level)!);
    expect(lengths.compressed.get('baseline')).toBe(lengths.dense.get('baseline'));
  });

  it('are refused for another model, and where they are no member', async () => {
    const [member] = await trainedMembers(run, [{ kind: 'baseline' }]);
    const other = memberProgram({ model: { kind: 'mlp', hidden: [2] } }, facts, { kind: 'baseline' });
    const file = readWeightsFile(writeMemberWeights(member!, programOf(member!), plan, 'dense'), 'a');
    expect(file.ok && file.value.weightsFor(other)).toMatchObject({ problem: { message: /no tensor dense1/ } });
    const written = (metadata: Record<string, string>) => writeSafetensors({ tensors: [], metadata });
    expect(readWeightsFile(written({}), 'a')).toMatchObject({ problem: { message: /no member/ } });
    const empty = written({ format: 'longtail-member', member: '{}', plan: '{}' });
    expect(readWeightsFile(empty, 'a')).toMatchObject({ problem: { message: /which member/ } });
    const broken = written({ format: 'longtail-member', member: '{', plan: '{}' });
    expect(readWeightsFile(broken, 'a')).toMatchObject({ problem: { message: /cannot be read/ } });
  });
});

describe('a packed tensor', () => {
  const slot = (shape: readonly [number, number]): TensorSlot => ({
    name: 'x/kernel',
    kind: 'dense-kernel',
    offset: 0,
    size: shape[0] * shape[1],
    shape,
    fanIn: shape[0],
    prunable: true,
  });

  it('is compressed sparse rows by hand', () => {
    const values = Float32Array.of(0, 0, 5, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0);
    expect(packTensor(slot([4, 4]), values, null)).toEqual([
      { name: 'x/kernel.values', shape: [2], data: Float32Array.of(5, -1) },
      { name: 'x/kernel.columns', shape: [2], data: Uint16Array.of(2, 1) },
      { name: 'x/kernel.rows', shape: [5], data: Uint32Array.of(0, 1, 1, 2, 2) },
    ]);
  });

  it('comes back whole, and rows and columns that lead outside are refused', () => {
    const sparse = fc.array(fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.float({ noNaN: true, min: -9 })), {
      minLength: 60,
      maxLength: 60,
    });
    fc.assert(
      fc.property(sparse, (numbers) => {
        const values = Float32Array.from(numbers, (value) => value + 0); // -0 is 0
        const parts = packTensor(slot([12, 5]), values, null);
        const dataOf = new Map(parts.map(({ name, data: own }) => [name, own]));
        expect(unpackTensor(slot([12, 5]), null, dataOf)).toEqual(values);
      }),
    );
    const dataOf = (columns: number, rows: readonly number[]) =>
      new Map<string, Float32Array | Uint16Array | Uint32Array>([
        ['x/kernel.values', Float32Array.of(1)],
        ['x/kernel.columns', Uint16Array.of(columns)],
        ['x/kernel.rows', Uint32Array.from(rows)],
      ]);
    expect(unpackTensor(slot([2, 2]), null, dataOf(1, [0, 1, 1]))).toEqual(Float32Array.of(0, 1, 0, 0));
    expect(unpackTensor(slot([2, 2]), null, dataOf(2, [0, 1, 1]))).toBeNull();
    expect(unpackTensor(slot([2, 2]), null, dataOf(1, [0, 2, 2]))).toBeNull();
    expect(unpackTensor(slot([2, 2]), null, dataOf(1, [0, 1]))).toBeNull();
  });
});

describe('safetensors', () => {
  it('are written as the format says, the widest numbers first', () => {
    const numbers = Float32Array.of(1, 2, 3, 4, 5, 6);
    const tensors = [
      { name: 'b', shape: [3], data: Int8Array.of(-127, 0, 5) },
      { name: 'é', shape: [2, 3], data: numbers },
    ];
    const bytes = writeSafetensors({ tensors, metadata: { a: 'b' } });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
      __metadata__: { a: 'b' },
      é: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
      b: { dtype: 'I8', shape: [3], data_offsets: [24, 27] },
    });
    expect(new Float32Array(bytes.slice(8 + length, 32 + length).buffer)).toEqual(numbers);
    const inTheMiddle = new Uint8Array(bytes.length + 3).subarray(3);
    inTheMiddle.set(bytes);
    expect(readSafetensors(inTheMiddle, 'a')).toEqual({
      ok: true,
      value: { tensors: tensors.toReversed(), metadata: { a: 'b' } },
    });
  });

  it('are refused when cut anywhere, and with other numbers', () => {
    const tensors = [{ name: 'x', shape: [2], data: Float32Array.of(1, 2) }];
    const bytes = writeSafetensors({ tensors, metadata: {} });
    for (let end = 0; end < bytes.length; end++) expect(readSafetensors(bytes.slice(0, end), 'a').ok).toBe(false);
    const text = new TextDecoder('latin1').decode(bytes).replace('F32', 'F64');
    const doubles = Uint8Array.from(text, (char) => char.charCodeAt(0));
    expect(readSafetensors(doubles, 'a')).toMatchObject({ problem: { message: /type F64, expected one of F32/ } });
  });
});
