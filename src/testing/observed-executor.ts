import type { Chunk, ChunkSpec, Executor } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';

/** Called with what a method of a chunk is given, before it works. */
export type Watch = Partial<{ [K in keyof Chunk]: (...given: never[]) => void }> & {
  readonly created?: (spec: ChunkSpec) => void;
};

/** A reference executor that tells what is asked of its chunks. */
export function observed({ created, ...watch }: Watch): Executor {
  const executor = createReferenceExecutor();
  return {
    ...executor,
    createChunk: (spec) => {
      created?.(spec);
      const chunk = executor.createChunk(spec);
      return new Proxy(chunk, {
        get: (target, name: keyof Chunk) => {
          const value = target[name];
          if (typeof value !== 'function') return value;
          return (...given: never[]) => {
            watch[name]?.(...given);
            return (value as (...all: never[]) => unknown).apply(target, given);
          };
        },
      });
    },
  };
}
