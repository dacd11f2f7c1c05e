import { describe, expect, it } from 'vitest';
import type { BackendName } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { isSoftwareRenderer } from '#engine/worker/adapters.ts';
import { chooseBackend } from '#engine/worker/backends.ts';
import type { Candidate } from '#engine/worker/backends.ts';
import { fail, ok } from '#lib/result.ts';

/** Candidates that all run the reference under another name; `made` tells which were created. */
function candidates(changes: Partial<Record<BackendName, Partial<Candidate>>> = {}) {
  const made: BackendName[] = [];
  const names: BackendName[] = ['webgpu', 'webgl', 'simd', 'reference'];
  const list = names.map((backend): Candidate => {
    const gpu = backend === 'webgpu' || backend === 'webgl';
    return {
      backend,
      adapter: gpu ? () => ok({ name: 'GeForce', software: false }) : null,
      create: () => {
        made.push(backend);
        return Promise.resolve(ok({ ...createReferenceExecutor(), backend, detail: backend, software: !gpu }));
      },
      ...changes[backend],
    };
  });
  return { list, made };
}
const any = { only: null, avoid: [] };

describe('the choice of a backend', () => {
  it('takes the first that passes the admission test and loads no other', async () => {
    const { list, made } = candidates();
    const chosen = await chooseBackend(any, list);
    expect(chosen.backend).toBe('webgpu');
    expect(chosen.tried.map(({ backend, admitted }) => [backend, admitted])).toEqual([['webgpu', true]]);
    expect(made).toEqual(['webgpu']);
  });

  it('passes over software adapters without loading their executors, and says so in words', async () => {
    const software = () => ok({ name: 'SwiftShader', software: true });
    const { list, made } = candidates({ webgpu: { adapter: software }, webgl: { adapter: software } });
    const chosen = await chooseBackend(any, list);
    expect(chosen.backend).toBe('simd');
    expect(made).toEqual(['simd']);
    expect(chosen.software).toBe(false);
    expect(chosen.reason).toContain('rendered in software, which is 50 to 400 times slower');
  });

  it('passes over an executor that finds itself on a software adapter', async () => {
    const create = () => Promise.resolve(ok({ ...createReferenceExecutor(), software: true }));
    expect((await chooseBackend(any, candidates({ webgpu: { create } }).list)).backend).toBe('webgl');
  });

  it('takes a software adapter that is asked for by name, after the admission test', async () => {
    const { list } = candidates({
      webgl: {
        adapter: () => ok({ name: 'SwiftShader', software: true }),
        create: () => Promise.resolve(ok({ ...createReferenceExecutor(), software: true })),
      },
    });
    const chosen = await chooseBackend({ only: 'webgl', avoid: [] }, list);
    expect([chosen.backend, chosen.software]).toEqual(['webgl', true]);
  });

  it('goes on with the next where a backend is missing, throws, or computes wrongly', async () => {
    const wrong = createReferenceExecutor();
    let disposed = false;
    const { list } = candidates({
      webgpu: { adapter: () => fail('no-webgpu', 'This browser has no WebGPU.') },
      webgl: { create: () => Promise.reject(new Error('out of memory')) },
      simd: {
        create: () =>
          Promise.resolve(
            ok({
              ...wrong,
              createChunk: (spec) => ({
                ...wrong.createChunk(spec),
                loss: () => Promise.resolve(Float32Array.of(7, 7)),
              }),
              dispose: () => (disposed = true),
            }),
          ),
      },
    });
    const chosen = await chooseBackend(any, list);
    expect(chosen.tried.map(({ backend, reason }) => `${backend}: ${reason}`)).toEqual([
      'webgpu: This browser has no WebGPU.',
      'webgl: It could not be started: out of memory',
      'simd: It failed the admission test: its cross-entropy is wrong.',
      'reference: It passed the admission test.',
    ]);
    expect(disposed).toBe(true);
  });

  it('does not try what is to be avoided', async () => {
    const { list, made } = candidates();
    expect((await chooseBackend({ only: null, avoid: ['webgpu', 'webgl'] }, list)).backend).toBe('simd');
    expect(made).toEqual(['simd']);
  });

  it('ends with every reason where none is left', async () => {
    const refuse = { create: () => Promise.resolve(fail('no', 'There is no memory.')) };
    await expect(chooseBackend({ only: 'simd', avoid: [] }, candidates({ simd: refuse }).list)).rejects.toMatchObject({
      problem: {
        code: 'no-backend',
        message: expect.stringContaining('WebAssembly SIMD: There is no memory.') as string,
      },
    });
  });
});

describe('the name of a renderer', () => {
  it.each([
    'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
    'llvmpipe (LLVM 15.0.7, 256 bits)',
    'ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0)',
    'Apple Software Renderer',
  ])('%s is software', (name) => {
    expect(isSoftwareRenderer(name)).toBe(true);
  });
  it.each([
    'ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11)',
    'Apple M2',
    'Mali-G78',
    'Adreno (TM) 640',
    'Intel(R) UHD Graphics',
  ])('%s is hardware', (name) => {
    expect(isSoftwareRenderer(name)).toBe(false);
  });
});
