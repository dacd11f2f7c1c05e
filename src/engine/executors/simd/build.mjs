/**
 * Compiles the kernels to build/plain.wasm and build/relaxed.wasm: one source, the relaxed module with fused multiply-adds.
 * Does nothing where the sources, this file and the compiler are those of the last build. `--force` builds anyway.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = fileURLToPath(new URL('.', import.meta.url));
const kernels = readdirSync(`${here}kernels`)
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .map((name) => `kernels/${name}`);

const hash = createHash('sha256').update(asc.version);
for (const name of ['build.mjs', 'fields.ts', 'whole-batch/codes.ts', ...kernels])
  hash.update(`\0${name}\0`).update(readFileSync(here + name));
const wanted = hash.digest('hex');

function built() {
  try {
    return readFileSync(`${here}build/sources.sha256`, 'utf8');
  } catch {
    return null;
  }
}

if (built() !== wanted || process.argv.includes('--force')) {
  mkdirSync(`${here}build`, { recursive: true });
  for (const variant of ['plain', 'relaxed']) {
    // another process may build or read at the same time: a finished file is put in place whole
    const unfinished = `${here}build/${variant}.${String(process.pid)}.wasm`;
    const flags = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--use', 'abort='];
    const memory = ['--importMemory', '--initialMemory', '1'];
    const features = ['--enable', 'simd', ...(variant === 'relaxed' ? ['--enable', 'relaxed-simd'] : [])];
    const { error, stderr } = await asc.main([
      `${here}kernels/main.ts`,
      '--outFile',
      unfinished,
      ...flags,
      ...memory,
      ...features,
    ]);
    if (error) {
      rmSync(unfinished, { force: true });
      console.error(stderr.toString());
      throw error;
    }
    renameSync(unfinished, `${here}build/${variant}.wasm`);
  }
  writeFileSync(`${here}build/sources.sha256`, wanted);
}
