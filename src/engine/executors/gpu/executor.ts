import type { Chunk, Executor } from '#engine/executors/executor.ts';
import type { Kernels, ResidentData } from '#engine/executors/gpu/kernels.ts';
import { createPopulation } from '#engine/executors/gpu/population.ts';

export interface GpuDevice extends Pick<
  Executor,
  'backend' | 'detail' | 'software' | 'variants' | 'maxMembers' | 'allocated'
> {
  readonly kernels: Kernels;
  /** Gives back memory that nothing uses any more. */
  readonly trim?: () => void;
}

/** An executor on a device's kernels: keeps the dataset resident and knows its chunks. */
export function createGpuExecutor(device: GpuDevice): Executor {
  const { kernels, trim, ...description } = device;
  const chunks = new Set<Chunk>();
  let resident: ResidentData | null = null;
  const unload = (): void => {
    if (!resident) return;
    kernels.release(resident.inputs);
    kernels.release(resident.labels);
    resident = null;
  };
  return {
    ...description,
    load: (data) => {
      unload();
      resident = kernels.loadData(data);
    },
    createChunk: (spec) => {
      const population = createPopulation(kernels, spec, () => {
        if (!resident) throw new Error('The executor has no data: call load first.');
        return resident;
      });
      const chunk: Chunk = {
        ...population,
        dispose: () => {
          if (!chunks.delete(chunk)) return; // twice does no harm
          population.dispose();
          trim?.();
        },
      };
      chunks.add(chunk);
      return chunk;
    },
    dispose: () => {
      for (const chunk of [...chunks]) chunk.dispose();
      unload();
    },
  };
}
