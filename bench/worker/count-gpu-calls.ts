import type { GpuCalls } from '../run/host.ts';

const BUFFER_CALLS = [
  ...['texImage2D', 'texSubImage2D', 'texImage3D', 'texSubImage3D', 'bufferData', 'bufferSubData'],
  ...['readPixels', 'getBufferSubData'],
];

/**
 * Counts from now on what this thread asks of graphics devices: dispatches of WebGPU, draw calls of WebGL 2, and bytes that
 * cross to or from the device in buffers and textures. Single uniforms of WebGL are not counted. The value gives the totals.
 * Call it once, before a device is used.
 */
export function countGpuCalls(): () => GpuCalls {
  let dispatches = 0;
  let bytes = 0;
  const countArrays = (parameters: readonly unknown[]): void => {
    for (const parameter of parameters) if (ArrayBuffer.isView(parameter)) bytes += parameter.byteLength;
  };
  const countDispatch = (): void => {
    dispatches++;
  };
  if (typeof GPUDevice !== 'undefined') {
    for (const name of ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect', 'draw', 'drawIndexed'])
      for (const encoder of [GPUComputePassEncoder, GPURenderPassEncoder])
        watch(encoder.prototype, name, countDispatch);
    watch(GPUQueue.prototype, 'writeBuffer', (parameters) => {
      bytes += writtenBytes(parameters as Parameters<GPUQueue['writeBuffer']>);
    });
    watch(GPUQueue.prototype, 'writeTexture', countArrays);
    watch(GPUBuffer.prototype, 'getMappedRange', (_, range) => {
      bytes += (range as ArrayBuffer).byteLength;
    });
  }
  if (typeof WebGL2RenderingContext !== 'undefined') {
    for (const name of ['drawElements', 'drawArrays', 'drawElementsInstanced', 'drawArraysInstanced'])
      watch(WebGL2RenderingContext.prototype, name, countDispatch);
    for (const name of BUFFER_CALLS) watch(WebGL2RenderingContext.prototype, name, countArrays);
  }
  return () => ({ dispatches, bytes });
}

/** Of `writeBuffer`: offset and size count elements of a typed array, bytes of anything else. */
function writtenBytes([, , data, offset = 0, size]: Parameters<GPUQueue['writeBuffer']>): number {
  const unit = 'BYTES_PER_ELEMENT' in data ? Number(data.BYTES_PER_ELEMENT) : 1;
  return size === undefined ? data.byteLength - offset * unit : size * unit;
}

/** Replaces a method, where it is, by one that tells of every call. */
function watch(prototype: object, name: string, tell: (parameters: readonly unknown[], result: unknown) => void): void {
  const methods = prototype as Record<string, ((...parameters: unknown[]) => unknown) | undefined>;
  const original = methods[name];
  if (original === undefined) return;
  methods[name] = function (this: unknown, ...parameters) {
    const result = original.apply(this, parameters);
    tell(parameters, result);
    return result;
  };
}
