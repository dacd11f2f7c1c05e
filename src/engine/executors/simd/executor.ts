import type { Executor, TrainingData } from '#engine/executors/executor.ts';
import { createSimdChunk, layoutPath } from '#engine/executors/simd/chunk.ts';
import type { ResidentData } from '#engine/executors/simd/member-path.ts';
import { vectorSizes } from '#engine/executors/simd/member-vectors.ts';
import { createKernelMemory, MEMORY_LIMIT_BYTES } from '#engine/executors/simd/memory.ts';
import { chooseVariant, loadKernels, type Variant } from '#engine/executors/simd/module.ts';

/** Members run one after the other: a larger chunk gains nothing and only delays the answer to a stop. */
const MOST_MEMBERS = 64;

/** The optimizer that takes most memory; a teacher is reckoned with as well. */
const MOST_STATE = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 1 } as const;

export interface SimdOptions {
  /** Which build of the kernels; by default the better one that this engine runs. */
  readonly variant?: Variant;
  /** Most memory that data and chunks may take together. */
  readonly memoryLimitBytes?: number;
}

/**
 * The CPU executor: our own WebAssembly SIMD kernels, one call a member's step, on the calling thread. Results are bitwise
 * repeatable with the same variant; the two variants round differently. `load` and `createChunk` throw a ProblemError with
 * code `memory` before anything is trained where a size does not fit. Rejects where WebAssembly SIMD is missing.
 */
export async function createSimdExecutor(options: SimdOptions = {}): Promise<Executor> {
  const best = await chooseVariant();
  const variant = options.variant ?? best;
  const memory = createKernelMemory(options.memoryLimitBytes ?? MEMORY_LIMIT_BYTES);
  const kernels = await loadKernels(variant, memory.memory);
  let data: (ResidentData & { readonly region: number }) | null = null;
  const unload = (): void => {
    if (data) memory.release(data.region);
    data = null;
  };
  return {
    backend: 'simd',
    detail: variant === 'relaxed' ? 'WebAssembly SIMD, relaxed' : 'WebAssembly SIMD, plain',
    software: false,
    load: (next) => {
      unload();
      const region = memory.reserve(next.inputs.data.byteLength + 16 + next.labels.byteLength, 'The data');
      data = { region, ...place(next, region, memory.bytes()) };
    },
    createChunk: (spec) => {
      const resident = (): ResidentData => {
        if (!data) throw new Error('The executor has no data: call load first.');
        return data;
      };
      return createSimdChunk(spec, { kernels, memory }, resident);
    },
    maxMembers: (program, batchSize) => {
      const { bytes } = layoutPath(program, batchSize);
      const { shared, member } = vectorSizes(program, MOST_STATE, (data?.examples ?? 0) * program.outputs);
      return Math.max(0, Math.min(MOST_MEMBERS, Math.floor((memory.largestFree() - bytes - shared) / member)));
    },
    allocated: () => memory.used(),
    dispose: () => {
      data = null;
      memory.releaseAll();
    },
  };
}

/** Copies the data into the memory at `region`: inputs, then labels at the next multiple of 16. */
function place(data: TrainingData, region: number, memory: Uint8Array): ResidentData {
  const { inputs, labels, examples } = data;
  const labelsAt = region + Math.ceil(inputs.data.byteLength / 16) * 16;
  memory.set(new Uint8Array(inputs.data.buffer, inputs.data.byteOffset, inputs.data.byteLength), region);
  memory.set(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength), labelsAt);
  return {
    inputs: region,
    inputKind: inputs.kind,
    labels: labelsAt,
    examples,
    inputSize: examples === 0 ? 0 : inputs.data.length / examples,
    greatestLabel: labels.reduce((greatest, label) => Math.max(greatest, label), 0),
  };
}
