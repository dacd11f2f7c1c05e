import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ChunkSpec } from '#engine/executors/executor.ts';
import { SLOT_RAW, stateSlots, type Extent, type Gradients, type Kernels } from '#engine/executors/gpu/kernels.ts';
import { packParameters, unpackParameters, type DeviceLayout } from '#engine/executors/gpu/layout.ts';

/** The parameters of a chunk on the device: effective and raw ones, mask and optimizer state. Flat arrays are [member, parameterCount]. */
export interface Parameters {
  /** [slot, member, quad]; another array after every change. */
  readonly state: () => TensorInfo;
  /** One optimizer step. */
  readonly update: (extent: Extent, gradients: Gradients, step: number, learningRates: TensorInfo) => void;
  readonly replace: (raw: Float32Array) => void;
  readonly setMask: (mask: Float32Array) => void;
  /** The raw parameters, then the optimizer's moments, each a flat array. */
  readonly read: () => Promise<readonly Float32Array[]>;
  /** Puts back what `read` gave, behind one another in one array of `savedLength` numbers. */
  readonly restore: (saved: Float32Array) => void;
  readonly savedLength: number;
  readonly dispose: () => void;
}

export function createParameters(kernels: Kernels, layout: DeviceLayout, spec: ChunkSpec): Parameters {
  const { program, members, batchSize, optimizer, maskedWeights = 'kept' } = spec;
  const count = members * program.parameterCount;
  const slots = stateSlots(optimizer);
  const slotSize = members * layout.quads * 4;
  const extent = { members, examples: batchSize, quads: layout.quads };
  let mask = upload(new Float32Array(count).fill(1));
  let state = uploadState(spec.parameters);
  rebase(null);

  function upload(values: Float32Array): TensorInfo {
    return kernels.upload(packParameters(program, layout, values));
  }
  /** State with the flat arrays that `saved` begins with in the slots from SLOT_RAW on; effective is still to be made. */
  function uploadState(saved: Float32Array): TensorInfo {
    const packed = new Float32Array(slots * slotSize);
    for (let slot = SLOT_RAW; (slot - SLOT_RAW) * count < saved.length; slot++) {
      const flat = saved.subarray((slot - SLOT_RAW) * count, (slot - SLOT_RAW + 1) * count);
      packed.set(packParameters(program, layout, flat), slot * slotSize);
    }
    return kernels.upload(packed);
  }
  function put(next: TensorInfo): void {
    kernels.release(state);
    state = next;
  }
  function rebase(raw: TensorInfo | null): void {
    put(kernels.rebase(extent, slots, state, raw, mask));
  }

  return {
    state: () => state,
    update: (stepExtent, gradients, step, learningRates) => {
      put(gradients.update(stepExtent, { optimizer, maskedWeights, step, mask, learningRates }, state));
    },
    replace: (flat) => {
      const raw = upload(flat);
      rebase(raw);
      kernels.release(raw);
    },
    setMask: (next) => {
      kernels.release(mask);
      mask = upload(next);
      rebase(null);
    },
    read: async () => {
      const packed = await kernels.read(state);
      return Array.from({ length: slots - SLOT_RAW }, (_, i) =>
        unpackParameters(program, layout, packed.slice((SLOT_RAW + i) * slotSize, (SLOT_RAW + i + 1) * slotSize)),
      );
    },
    restore: (saved) => {
      put(uploadState(saved));
      rebase(null);
    },
    savedLength: (slots - SLOT_RAW) * count,
    dispose: () => {
      kernels.release(state);
      kernels.release(mask);
    },
  };
}
