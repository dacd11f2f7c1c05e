/** The two builds of the kernels: relaxed has fused multiply-adds, plain runs wherever there is SIMD. */
export type Variant = 'relaxed' | 'plain';

/** What the WebAssembly exports; addresses and counts of bytes are unsigned 32-bit, see kernels/step.ts and kernels/batch-run.ts. */
export interface Kernels {
  step(
    table: number,
    member: number,
    indices: number,
    views: number,
    count: number,
    rate: number,
    first: number,
    second: number,
  ): number;
  refresh(table: number, member: number): void;
  prepare(table: number, member: number): void;
  predict(table: number, indices: number, count: number, mode: 0 | 1 | 2, point: number, output: number): void;
  batchStep(
    table: number,
    tapes: number,
    member: number,
    indices: number,
    views: number,
    count: number,
    rate: number,
    first: number,
    second: number,
  ): number;
  batchPrepare(table: number, tapes: number, member: number): void;
  batchPredict(table: number, tapes: number, indices: number, count: number, mode: number): void;
  batchCopyOut(tensor: number, count: number, output: number): void;
}

/** A function that returns i8x16.relaxed_swizzle of two constants. */
const RELAXED_PROBE = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0],
  ...[65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11],
);

/** The variant that this machine runs: relaxed where the engine has relaxed SIMD. In Node the engine's switch is turned on first. */
export async function chooseVariant(): Promise<Variant> {
  if (inNode()) {
    const v8 = await nodeModule<{ setFlagsFromString(flags: string): void }>('node:v8');
    v8.setFlagsFromString('--experimental-wasm-relaxed-simd'); // on by default from V8 11.4, ignored where it is gone
  }
  return WebAssembly.validate(RELAXED_PROBE) ? 'relaxed' : 'plain';
}

/** Instantiates the kernels over the given memory. Rejects where the file is missing or the engine has no SIMD. */
export async function loadKernels(variant: Variant, memory: WebAssembly.Memory): Promise<Kernels> {
  // two literals: the bundler finds assets by them
  const url =
    variant === 'relaxed'
      ? new URL('./build/relaxed.wasm', import.meta.url)
      : new URL('./build/plain.wasm', import.meta.url);
  const { instance } = await WebAssembly.instantiate(await read(url), { env: { memory } });
  return instance.exports as unknown as Kernels; // the interface above is the list of kernels/main.ts
}

async function read(url: URL): Promise<BufferSource> {
  if (inNode()) {
    const files = await nodeModule<{ readFile(url: URL): Promise<Uint8Array<ArrayBuffer>> }>('node:fs/promises');
    return files.readFile(new URL(url.pathname, 'file:'));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The training kernels could not be read: ${String(response.status)} ${url.href}`);
  return response.arrayBuffer();
}

function inNode(): boolean {
  return new URL(import.meta.url).protocol === 'file:';
}

/** Imported by a name that bundlers do not follow. */
async function nodeModule<T>(name: string): Promise<T> {
  return (await import(/* @vite-ignore */ name)) as T;
}
