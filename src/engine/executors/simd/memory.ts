import { ProblemError } from '#lib/result.ts';

const PAGE_BYTES = 65_536;
/** Below lie the kernels' static tables (exp, log). */
const FIRST_BYTE = PAGE_BYTES;
const ALIGNMENT = 64;
/** Addresses stay within signed 32 bits. */
export const MEMORY_LIMIT_BYTES = 2 ** 31 - PAGE_BYTES;

/** The one WebAssembly memory of an executor, handed out in regions. It grows only in `reserve`. */
export interface KernelMemory {
  readonly memory: WebAssembly.Memory;
  /** Address of a zeroed region of the given size. Throws a ProblemError with code `memory` where it does not fit. */
  reserve(bytes: number, what: string): number;
  /** Gives a region back; the next `reserve` may use it. */
  release(address: number): void;
  releaseAll(): void;
  /** Bytes of the largest region that `reserve` would still hand out. */
  largestFree(): number;
  /** Bytes of the regions in use. */
  used(): number;
  /** Views of the whole memory, valid until the next `reserve`. */
  bytes(): Uint8Array;
  ints(): Int32Array;
  floats(): Float32Array;
}

export function createKernelMemory(limitBytes: number = MEMORY_LIMIT_BYTES): KernelMemory {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const regions: { start: number; end: number }[] = []; // in order of address
  let buffer = memory.buffer;
  let views = { bytes: new Uint8Array(buffer), ints: new Int32Array(buffer), floats: new Float32Array(buffer) };
  const current = (): typeof views => {
    if (buffer !== memory.buffer) {
      buffer = memory.buffer; // growing replaced it
      views = { bytes: new Uint8Array(buffer), ints: new Int32Array(buffer), floats: new Float32Array(buffer) };
    }
    return views;
  };
  return {
    memory,
    reserve: (bytes, what) => {
      const size = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
      let start = FIRST_BYTE;
      let position = 0;
      for (const region of regions) {
        if (start + size <= region.start) break;
        start = region.end;
        position++;
      }
      const end = start + size;
      if (end > limitBytes) throw tooLarge(what, size, limitBytes);
      if (end > memory.buffer.byteLength) {
        try {
          memory.grow(Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES));
        } catch {
          throw tooLarge(what, size, limitBytes);
        }
      }
      regions.splice(position, 0, { start, end });
      current().bytes.fill(0, start, end);
      return start;
    },
    release: (address) => {
      const position = regions.findIndex((region) => region.start === address);
      if (position >= 0) regions.splice(position, 1);
    },
    releaseAll: () => {
      regions.length = 0;
    },
    largestFree: () => {
      let start = FIRST_BYTE;
      let largest = 0;
      for (const region of [...regions, { start: limitBytes, end: limitBytes }]) {
        largest = Math.max(largest, region.start - start);
        start = region.end;
      }
      return Math.floor(largest / ALIGNMENT) * ALIGNMENT;
    },
    used: () => regions.reduce((sum, region) => sum + region.end - region.start, 0),
    bytes: () => current().bytes,
    ints: () => current().ints,
    floats: () => current().floats,
  };
}

function tooLarge(what: string, bytes: number, limitBytes: number): ProblemError {
  const megabytes = (count: number): string => Math.ceil(count / 2 ** 20).toLocaleString('en');
  return new ProblemError({
    code: 'memory',
    message: `${what} need ${megabytes(bytes)} MB, more than fits into the ${megabytes(limitBytes)} MB that training on the CPU may use.`,
  });
}
