import type { BackendName } from '#engine/executors/executor.ts';

/** What backends are called in sentences for people. */
export const BACKEND_NAMES: Readonly<Record<BackendName, string>> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  simd: 'WebAssembly SIMD',
  reference: 'The reference executor',
};
