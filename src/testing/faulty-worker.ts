import type { Fault } from './faults.ts';
import '#engine/worker/main.ts';

// The training worker, whose device can be made to fail in the ways in which devices do.

type Device = GPUDevice | WebGL2RenderingContext;

/** The device that was made last. */
let device: Device | null = null;
/** Whether an array did not fit, until `getError` says so. */
let unfit = false;

const requestDevice = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (this: GPUAdapter, ...given) {
  return (device = await requestDevice.apply(this, given));
};
const getContext = OffscreenCanvas.prototype.getContext as (this: OffscreenCanvas, ...given: unknown[]) => unknown;
OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...given: unknown[]) {
  const context = getContext.apply(this, given);
  if (context instanceof WebGL2RenderingContext) device = context;
  return context;
} as OffscreenCanvas['getContext'];

function lose(on: Device): void {
  if (on instanceof GPUDevice) on.destroy();
  else on.getExtension('WEBGL_lose_context')!.loseContext();
}

function refuse(on: Device): void {
  if (on instanceof GPUDevice) on.createBuffer({ size: 4, usage: 0xffff });
  else on.enable(0);
}

/** From now on an array of more bytes is answered as a device answers that has no memory. */
function fill(on: Device, mostBytes: number): void {
  if (on instanceof GPUDevice) {
    const createBuffer = on.createBuffer.bind(on);
    on.createBuffer = (description) => {
      if (description.size > mostBytes) {
        const error = new GPUOutOfMemoryError('Not enough memory left.');
        on.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
      }
      return createBuffer(description);
    };
    return;
  }
  const [texStorage2D, getError] = [on.texStorage2D.bind(on), on.getError.bind(on)];
  on.texStorage2D = (target, levels, format, width, height) => {
    unfit ||= width * height * 16 > mostBytes;
    texStorage2D(target, levels, format, width, height);
  };
  on.getError = () => {
    const error = unfit ? on.OUT_OF_MEMORY : getError();
    unfit = false;
    return error;
  };
}

self.addEventListener('message', ({ data }: MessageEvent<Fault>) => {
  if (device === null) return;
  if (data.kind === 'lose') lose(device);
  if (data.kind === 'refuse') refuse(device);
  if (data.kind === 'fill') fill(device, data.mostBytes);
});
