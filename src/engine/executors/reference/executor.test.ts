import { describe, expect, it } from 'vitest';
import type { Chunk } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { countUpTo, randomData } from '#testing/small-nets.ts';
import { initialParameters } from '#engine/model/initial.ts';
import { buildProgram } from '#engine/model/layers.ts';

const program = buildProgram({ kind: 'cnn-small', filters: [2], dense: [3] }, [6, 6, 1], 2);
const data = randomData(program, 8, 1);
const count = program.parameterCount;
const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;

function chunkOf(members: readonly number[]): Chunk {
  const executor = createReferenceExecutor();
  executor.load(data);
  const parameters = new Float32Array(members.length * count);
  members.forEach((member, i) => {
    parameters.set(initialParameters(program, 5, member), i * count);
  });
  return executor.createChunk({ program, members: members.length, batchSize: 4, optimizer: adam, parameters });
}

describe('the reference executor', () => {
  it('trains a member in a chunk exactly as alone', async () => {
    const pair = chunkOf([0, 1]);
    const alone = chunkOf([1]);
    for (let step = 0; step < 3; step++) {
      pair.step(Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7), Float32Array.of(0.1, 0.01));
      alone.step(Int32Array.of(4, 5, 6, 7), Float32Array.of(0.01));
    }
    expect((await pair.parameters()).slice(count)).toEqual(await alone.parameters());
    expect((await pair.loss())[1]).toBe((await alone.loss())[0]);
  });

  it('lowers the loss', async () => {
    const chunk = chunkOf([0]);
    chunk.step(countUpTo(4), Float32Array.of(0.05));
    const [before] = await chunk.loss();
    for (let step = 0; step < 60; step++) chunk.step(countUpTo(4), Float32Array.of(0.05));
    expect((await chunk.loss())[0]).toBeLessThan(before! / 4);
  });

  it('predicts with the remaining weights and keeps the raw value of masked ones', async () => {
    const chunk = chunkOf([0]);
    const raw = await chunk.parameters();
    const mask = new Float32Array(count).fill(1);
    mask.fill(0, 0, 9);
    chunk.setMask(mask);
    const zeroed = chunkOf([0]);
    zeroed.setParameters(raw.map((w, i) => w * mask[i]!));
    expect(await chunk.logits(countUpTo(8), { kind: 'none' })).toEqual(
      await zeroed.logits(countUpTo(8), { kind: 'none' }),
    );
    chunk.step(countUpTo(4), Float32Array.of(0.1));
    const after = await chunk.parameters();
    expect(after.slice(0, 9)).toEqual(raw.slice(0, 9));
    expect(after.slice(9)).not.toEqual(raw.slice(9));
  });

  it('goes on after a restore as if it had never stopped', async () => {
    const chunk = chunkOf([3]);
    const step = (of: Chunk): void => of.step(countUpTo(4), Float32Array.of(0.02));
    step(chunk);
    step(chunk);
    const state = await chunk.save();
    step(chunk);
    const resumed = chunkOf([0]);
    resumed.restore(state);
    step(resumed);
    expect(await resumed.parameters()).toEqual(await chunk.parameters());
  });

  it('reports the range of the input and of every op, and a fixed grid per member', async () => {
    const chunk = chunkOf([0, 1]);
    const ranges = await chunk.activationRanges(countUpTo(8));
    expect(ranges).toHaveLength(2 * 5 * 2);
    const inputs = data.inputs.data as Float32Array;
    expect([...ranges.slice(0, 2)]).toEqual([Math.min(...inputs), Math.max(...inputs)]);
    expect(ranges[2]).toBeGreaterThanOrEqual(0); // relu
    expect(ranges[5]).toBe(ranges[3]); // a pool keeps the largest value of all (no row is dropped)
    const fine = { scale: 1e-3, zeroPoint: 0 };
    const points = [
      [null, null, null, null, { scale: 1e9, zeroPoint: 0 }],
      [null, null, null, null, fine],
    ];
    const logits = await chunk.logits(countUpTo(3), { kind: 'fixed', points });
    expect(logits.slice(0, 6).every((x) => x === 0)).toBe(true);
    expect(logits.slice(6).some((x) => x !== 0)).toBe(true);
    expect(logits.slice(6).every((x) => Math.abs(x / 1e-3 - Math.round(x / 1e-3)) < 1e-3)).toBe(true);
  });

  it('predicts many examples as it predicts each alone', async () => {
    const chunk = chunkOf([0, 1]);
    const many = Int32Array.from({ length: 150 }, (_, i) => (i * 5) % 8);
    const together = await chunk.logits(many, { kind: 'dynamic', ops: [true, true, true, true] });
    for (const position of [0, 63, 64, 149]) {
      const alone = await chunk.logits(many.slice(position, position + 1), {
        kind: 'dynamic',
        ops: [true, true, true, true],
      });
      for (const member of [0, 1])
        expect([...together.slice((member * 150 + position) * 2, (member * 150 + position + 1) * 2)]).toEqual([
          ...alone.slice(member * 2, member * 2 + 2),
        ]);
    }
    expect(await chunk.activationRanges(many)).toEqual(await chunk.activationRanges(countUpTo(8)));
  });

  it('reads bytes as x / 127.5 - 1', async () => {
    const executor = createReferenceExecutor();
    executor.load({
      inputs: { kind: 'bytes', data: Uint8Array.of(0, 255, 51) },
      labels: Uint16Array.of(0, 0, 0),
      examples: 3,
    });
    const linear = buildProgram({ kind: 'mlp', hidden: [] }, [1, 1, 1], 2);
    const parameters = new Float32Array(linear.parameterCount);
    parameters[0] = 1;
    const chunk = executor.createChunk({ program: linear, members: 1, batchSize: 1, optimizer: adam, parameters });
    const logits = await chunk.logits(countUpTo(3), { kind: 'none' });
    expect([logits[0], logits[2], logits[4]]).toEqual([-1, 1, Math.fround(-0.6)]);
  });

  it('counts what is alive', () => {
    const executor = createReferenceExecutor();
    executor.load(data);
    const before = executor.allocated();
    const chunk = executor.createChunk({
      program,
      members: 1,
      batchSize: 4,
      optimizer: adam,
      parameters: new Float32Array(count),
    });
    expect(executor.allocated()).toBe(before + 4 * (4 * count + 2 * 5)); // and a range at five points
    chunk.dispose();
    expect(executor.allocated()).toBe(before);
  });

  it('refuses arrays of the wrong length', () => {
    const chunk = chunkOf([0, 1]);
    expect(() => chunk.step(countUpTo(3), Float32Array.of(1, 1))).toThrow(/1 to 4 examples/);
    expect(() => chunk.step(countUpTo(4), Float32Array.of(1))).toThrow(/learningRate must have 2/);
    expect(() => chunk.setMask(new Float32Array(3))).toThrow(/mask must have/);
  });
});
