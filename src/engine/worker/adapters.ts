import { fail, ok } from '#lib/result.ts';
import type { Result } from '#lib/result.ts';

/** A look at the graphics adapter that does not load any executor. */
export interface Adapter {
  readonly name: string;
  readonly software: boolean;
}

const SOFTWARE_RENDERERS = /swiftshader|llvmpipe|softpipe|lavapipe|basic render|software|warp/i;

/** Whether a renderer's name is that of a software rasterizer. */
export function isSoftwareRenderer(name: string): boolean {
  return SOFTWARE_RENDERERS.test(name);
}

/** The WebGPU adapter of this worker; a refusal where there is none. */
export async function webgpuAdapter(): Promise<Result<Adapter>> {
  const gpu = (navigator as { readonly gpu?: GPU }).gpu; // absent in older browsers and on insecure pages
  if (gpu === undefined) return fail('no-webgpu', 'This browser has no WebGPU.');
  const adapter = await gpu.requestAdapter();
  if (adapter === null) return fail('no-adapter', 'The browser offers no graphics adapter to WebGPU.');
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const name = description || [vendor, architecture].filter((part) => part !== '').join(' ') || 'unnamed adapter';
  const software = isFallbackAdapter || [vendor, architecture, description].some(isSoftwareRenderer);
  return ok({ name, software });
}

/** The WebGL 2 renderer of this worker; a refusal where there is none. */
export function webglAdapter(): Result<Adapter> {
  if (typeof OffscreenCanvas === 'undefined') return fail('no-webgl', 'This browser has no WebGL in workers.');
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (gl === null) return fail('no-webgl', 'This browser offers no WebGL 2 in workers.');
  const detail = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(detail?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext(); // browsers allow few contexts at a time
  return ok({ name, software: isSoftwareRenderer(name) });
}
