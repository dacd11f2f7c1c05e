import * as tf from '@tensorflow/tfjs-core';
import { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl/dist/base.js';
import type { Executor } from '#engine/executors/executor.ts';
import { createGpuExecutor } from '#engine/executors/gpu/executor.ts';
import { createDeviceFailure } from '#engine/executors/gpu/failure.ts';
import { layoutOf } from '#engine/executors/gpu/layout.ts';
import { membersThatFit } from '#engine/executors/gpu/limits.ts';
import { isSoftware } from '#engine/executors/gpu/software.ts';
import { gradientQuads } from '#engine/executors/webgl/gradients.ts';
import { webglKernels } from '#engine/executors/webgl/kernels.ts';
import { ROW_QUADS } from '#engine/executors/webgl/runner.ts';
import { fail, ok, type Result } from '#lib/result.ts';

/** Memory that a chunk may take: a judgement, as browsers do not tell how much there is. */
const BUDGET_BYTES = 512 * 2 ** 20;
/** tfjs keeps released textures for reuse; beyond this it deletes them. */
const POOL_BYTES = 512 * 2 ** 20;

/**
 * The executor on tfjs's WebGL backend. Fails with a sentence where there is no WebGL 2, it cannot render 32-bit floats or
 * tfjs cannot start on it. Works in a page and in a worker.
 */
export async function createWebglExecutor(): Promise<Result<Executor>> {
  tf.env().set('SOFTWARE_WEBGL_ENABLED', true);
  let started: boolean;
  try {
    if (!tf.env().getBool('HAS_WEBGL') || tf.env().getNumber('WEBGL_VERSION') !== 2)
      return fail('no-webgl', 'This browser has no WebGL 2 here.');
    if (!tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED'))
      return fail('no-float32', 'WebGL cannot render 32-bit floats on this device.');
    tf.env().set('WEBGL_DELETE_TEXTURE_THRESHOLD', POOL_BYTES);
    tf.env().set('WEBGL_USE_SHAPES_UNIFORMS', true); // else every length of what is read compiles a shader
    started = await tf.setBackend('webgl');
  } catch (error) {
    return fail(
      'webgl-failed',
      `WebGL could not be started: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const backend = tf.backend();
  if (!started || !(backend instanceof MathBackendWebGL))
    return fail('webgl-failed', 'WebGL is there, but tfjs could not start its backend on it.');
  const { gl } = backend.gpgpu;
  if (gl.isContextLost()) return fail('context-lost', 'The WebGL context was lost and this worker cannot get another.');

  const side = Number(gl.getParameter(gl.MAX_TEXTURE_SIZE));
  if (side < ROW_QUADS) return fail('small-textures', 'WebGL has only small textures on this device.');

  gl.getError(); // what tfjs tried out before is not ours
  const failure = createDeviceFailure((report) => {
    if (gl.isContextLost()) report('gpu-lost', 'The WebGL context was lost.');
    const error = gl.getError();
    if (error === gl.OUT_OF_MEMORY) report('gpu-memory', 'The GPU ran out of memory.');
    else if (error !== gl.NO_ERROR) report('gpu-invalid', `WebGL refused a command (error ${String(error)}).`);
  });
  // The worker's library leaves the canvas out of the type.
  (gl as { readonly canvas?: EventTarget }).canvas?.addEventListener('webglcontextlost', () => {
    failure.report('gpu-lost', 'The WebGL context was lost.');
  });

  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const detail = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return ok(
    createGpuExecutor({
      backend: 'webgl',
      detail,
      software: isSoftware(detail),
      kernels: webglKernels(backend, failure),
      maxMembers: (program, batchSize) => {
        const limits = { arrayQuads: ROW_QUADS * side, budgetBytes: BUDGET_BYTES };
        return membersThatFit(program, batchSize, gradientQuads(layoutOf(program).blocks, batchSize), limits);
      },
      allocated: () => tf.memory().numTensors + backend.numDataIds(),
    }),
  );
}
