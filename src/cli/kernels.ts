import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const KERNELS = fileURLToPath(new URL('../engine/executors/simd/build.mjs', import.meta.url));

/** Compiles the WebAssembly kernels where that was not done since they changed. */
export function buildKernels(): void {
  execFileSync(process.execPath, [KERNELS], { stdio: ['ignore', 'ignore', 'inherit'] });
}
