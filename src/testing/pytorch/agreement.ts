import { expect } from 'vitest';
import type { Chunk, Executor } from '#engine/executors/executor.ts';
import type { OptimizerSpec } from '#engine/model/plan.ts';
import type { PyTorchFixture } from '#testing/pytorch/fixtures.ts';

/** How far numbers may be apart, as shares of the largest magnitude that PyTorch has in the same tensor. */
export interface Tolerances {
  readonly loss: number;
  readonly gradients: number;
  /** Of parameters and logits after all steps. */
  readonly steps: number;
}

/** What float32 parameters can resolve, as a share of the largest in a tensor. */
const FLOAT32_STEP = 2 ** -22;
const MEMBERS = 2;

/**
 * Holds an executor against a fixture: the gradients of the first step (seen as one step of plain descent at rate 1), the
 * losses, parameters and running statistics of all steps, and the logits afterwards. Two members are trained as one chunk, the
 * second of them with the batches in another order of examples, which must make no difference. Replaces the executor's data.
 */
export async function expectAgreement(
  executor: Executor,
  fixture: PyTorchFixture,
  tolerances: Tolerances,
): Promise<void> {
  executor.load(fixture.data);
  await expectGradients(executor, fixture, tolerances.gradients);
  await expectSteps(executor, fixture, tolerances);
}

async function expectGradients(executor: Executor, fixture: PyTorchFixture, tolerance: number): Promise<void> {
  const chunk = chunkOf(executor, fixture, { kind: 'sgd', momentum: 0 });
  chunk.step(forMembers(fixture.batches[0]!), new Float32Array(MEMBERS).fill(1));
  const after = await chunk.parameters();
  chunk.dispose();
  const { program, parameters, gradients } = fixture;
  eachMember(after, (member) => {
    for (const { name, kind, offset, size } of program.tensors) {
      if (kind === 'bn-mean' || kind === 'bn-variance') continue;
      const before = parameters.subarray(offset, offset + size);
      const got = before.map((w, i) => w - member[offset + i]!);
      const expected = gradients.slice(offset, offset + size);
      const limit = tolerance * largest(expected) + FLOAT32_STEP * (largest(before) + largest(expected));
      expect(distance(got, expected), `gradient of ${name}`).toBeLessThanOrEqual(limit);
    }
  });
}

async function expectSteps(executor: Executor, fixture: PyTorchFixture, tolerances: Tolerances): Promise<void> {
  const { program, data, batches, losses, learningRate } = fixture;
  const chunk = chunkOf(executor, fixture, fixture.optimizer);
  for (const [step, batch] of batches.entries()) {
    chunk.step(forMembers(batch), new Float32Array(MEMBERS).fill(learningRate));
    for (const loss of await chunk.loss())
      expect(Math.abs(loss - losses[step]!), `loss of step ${String(step + 1)}`).toBeLessThanOrEqual(
        tolerances.loss * losses[step]!,
      );
  }
  const parameters = await chunk.parameters();
  const logits = await chunk.logits(
    Int32Array.from(data.labels, (_, example) => example),
    { kind: 'none' },
  );
  chunk.dispose();
  eachMember(parameters, (member) => {
    for (const { name, offset, size } of program.tensors) {
      const expected = fixture.after.slice(offset, offset + size);
      const limit = (tolerances.steps + FLOAT32_STEP) * largest(expected);
      expect(distance(member.subarray(offset, offset + size), expected), name).toBeLessThanOrEqual(limit);
    }
  });
  eachMember(logits, (member) => {
    const limit = (tolerances.steps + FLOAT32_STEP) * largest(fixture.logits);
    expect(distance(member, fixture.logits), 'logits').toBeLessThanOrEqual(limit);
  });
}

function chunkOf(
  executor: Executor,
  { program, parameters, batches }: PyTorchFixture,
  optimizer: OptimizerSpec,
): Chunk {
  const both = new Float32Array(MEMBERS * parameters.length);
  for (let member = 0; member < MEMBERS; member++) both.set(parameters, member * parameters.length);
  return executor.createChunk({
    program,
    members: MEMBERS,
    batchSize: batches[0]!.length,
    optimizer,
    parameters: both,
  });
}

/** The batch of both members, [member, batch]; that of the second in reverse. */
function forMembers(batch: Int32Array): Int32Array {
  return Int32Array.from([...batch, ...batch.toReversed()]);
}

function eachMember(all: Float32Array, visit: (member: Float32Array) => void): void {
  for (let member = 0; member < MEMBERS; member++)
    visit(all.subarray((member * all.length) / MEMBERS, ((member + 1) * all.length) / MEMBERS));
}

function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** The largest difference of two equally long arrays; NaN where one holds it. */
function distance(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(got.length).toBe(expected.length);
  return largest(Array.from(got, (value, i) => value - expected[i]!));
}
