import type { Chunk, ChunkSpec, Executor, TrainingData } from '#engine/executors/executor.ts';
import type { OptimizerSpec } from '#engine/model/plan.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';
import { randomParameters } from '#testing/small-gpu-nets.ts';

export const EXAMPLES = 23;
export const BATCH = 6;
export const SGD: OptimizerSpec = { kind: 'sgd', momentum: 0 };
export const MOMENTUM: OptimizerSpec = { kind: 'sgd', momentum: 0.9 };
export const ADAM: OptimizerSpec = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

/** The executors that a suite compares; `executor` is made before its tests run. */
export interface SuiteContext {
  readonly executor: () => Executor;
  readonly reference: Executor;
}

/** Loads the data and makes a chunk of the numbered members, each with its own random parameters. */
export function chunkOf(
  on: Executor,
  program: StepProgram,
  data: TrainingData,
  members: readonly number[],
  spec: Partial<ChunkSpec> = {},
): Chunk {
  on.load(data);
  const parameters = parametersOf(program, members);
  return on.createChunk({ program, members: members.length, batchSize: BATCH, optimizer: SGD, parameters, ...spec });
}

export function parametersOf(program: StepProgram, members: readonly number[]): Float32Array {
  return Float32Array.from(members.flatMap((member) => [...randomParameters(program, member)]));
}

/** [member, batch] indices; the same seed gives the same. */
export function randomIndices(members: number, batch: number, seed: number): Int32Array {
  const random = stream(seed, 'indices');
  return Int32Array.from({ length: members * batch }, () => random.int(EXAMPLES));
}

/** The same question to chunks on several executors, all of which are then given up. */
export async function askAndDispose<T>(chunks: readonly Chunk[], ask: (chunk: Chunk) => Promise<T>): Promise<T[]> {
  const answers = await Promise.all(chunks.map(ask));
  for (const chunk of chunks) chunk.dispose();
  return answers;
}
