import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Compiles the kernels of the simd executor where they are missing or older than their sources (Node only). */
export function ensureSimdKernels(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../engine/executors/simd/build.mjs', import.meta.url))], {
    stdio: 'inherit',
  });
}
