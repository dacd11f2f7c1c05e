import type { Executor, TrainingData } from '#engine/executors/executor.ts';
import { createReferenceChunk } from '#engine/executors/reference/chunk.ts';

/** Chunks are worked off member by member, so that a larger one gains nothing and only delays the answer to a stop. */
const MOST_MEMBERS = 64;

/** The executor that the others are checked against: plain TypeScript in float64, one operation a function, on this thread. */
export function createReferenceExecutor(): Executor {
  let data: TrainingData | null = null;
  const alive = new Map<symbol, number>(); // bytes of each chunk
  return {
    backend: 'reference',
    detail: 'plain TypeScript, float64',
    software: true,
    load: (next) => {
      data = next;
    },
    createChunk: (spec) => {
      const key = Symbol('chunk');
      const loaded = (): TrainingData => {
        if (!data) throw new Error('The executor has no data: call load first.');
        return data;
      };
      const chunk = createReferenceChunk(spec, loaded, () => alive.delete(key));
      alive.set(key, chunk.sizeBytes);
      return chunk;
    },
    maxMembers: () => MOST_MEMBERS,
    allocated: () => {
      const dataBytes = data ? data.inputs.data.byteLength + data.labels.byteLength : 0;
      return [...alive.values()].reduce((sum, bytes) => sum + bytes, dataBytes);
    },
    dispose: () => {
      data = null;
      alive.clear();
    },
  };
}
