import { describe, expect, it, vi } from 'vitest';
import type { BackendName, Executor } from '#engine/executors/executor.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { winnerOf } from '#engine/protocol/race.ts';
import type { Race, RaceCourse } from '#engine/protocol/race.ts';
import { isSoftwareRenderer } from '#engine/worker/adapters.ts';
import { chooseBackend } from '#engine/worker/backends.ts';
import type { Candidate } from '#engine/worker/backends.ts';
import { fail, ok } from '#lib/result.ts';
import { tinyPlan } from '#testing/tiny-run.ts';

vi.setConfig({ testTimeout: 60_000 }); // admission tests are slow where the machine is busy

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

describe('the race of a GPU against WebAssembly', () => {
  const course: RaceCourse = {
    plan: tinyPlan(),
    input: [8, 8, 1],
    inputs: 'bytes',
    classes: 2,
    gpuMembers: 2,
    cpuWorkers: 2,
    known: [],
  };
  /** Real executors, one of which is made to fail in the race, but not in the admission test. */
  const fails = (backend: BackendName) => ({
    create: () => {
      const executor = createReferenceExecutor();
      const createChunk: Executor['createChunk'] = (spec) => {
        if (spec.program.input[0] === 8) throw new Error('out of memory');
        return executor.createChunk(spec);
      };
      return Promise.resolve(ok({ ...executor, backend, software: false, createChunk }));
    },
  });
  /** It says that every step takes long, so that a race is over soon. */
  const clock = (): (() => number) => {
    let time = 0;
    return () => (time += 200);
  };
  const won = (race: Race | null, memberStepsPerSecond: readonly [number, number]): Race => ({
    ...race!,
    racers: race!.racers.map((racer, i) => ({ ...racer, memberStepsPerSecond: memberStepsPerSecond[i]! })),
  });

  it('is run where both are admitted; the faster is chosen, the result handed on', async () => {
    const { list, made } = candidates();
    const chosen = await chooseBackend({ ...any, race: course }, list, clock());
    expect(made).toEqual(['webgpu', 'simd']);
    expect(chosen.race?.racers.map(({ backend }) => backend)).toEqual(['webgpu', 'simd']);
    expect(chosen.backend).toBe(winnerOf(chosen.race!)?.backend);
    expect(chosen.tried.map(({ admitted }) => admitted)).toEqual([true, true]);
    expect(chosen.reason).toContain('won a race on this device.');
  });

  it('is not run twice on a device, whoever won', async () => {
    const { race } = await chooseBackend({ ...any, race: course }, candidates().list, clock());
    for (const [paces, expected, loads] of [
      [[300, 100], 'webgpu', ['webgpu']],
      [[100, 300], 'simd', ['simd']],
    ] as const) {
      const known = won(race, paces);
      const { list, made } = candidates();
      const chosen = await chooseBackend({ ...any, race: { ...course, known: [known] } }, list, clock());
      expect([chosen.backend, made, chosen.race]).toEqual([expected, loads, known]);
    }
    const elsewhere = { ...won(race, [100, 300]), device: 'another' };
    const { list, made } = candidates();
    await chooseBackend({ ...any, race: { ...course, known: [elsewhere] } }, list, clock());
    expect(made).toEqual(['webgpu', 'simd']);
  });

  it('leaves the winner in its best way, also when the race was run before', async () => {
    const used: string[] = [];
    const create = () => {
      const variants = { names: ['four', 'eight'], use: (name: string) => void used.push(name) };
      return Promise.resolve(
        ok({ ...createReferenceExecutor(), backend: 'webgpu' as const, software: false, variants }),
      );
    };
    const { race } = await chooseBackend({ ...any, race: course }, candidates({ webgpu: { create } }).list, clock());
    expect(race?.racers.map(({ variant }) => variant)).toEqual(['four', 'eight', undefined]);
    const paces = [100, 300, 200];
    const racers = race!.racers.map((racer, i) => ({ ...racer, memberStepsPerSecond: paces[i]! }));
    used.length = 0;
    const known = [{ ...race!, racers }];
    await chooseBackend({ ...any, race: { ...course, known } }, candidates({ webgpu: { create } }).list, clock());
    expect(used).toEqual(['eight']);
  });

  it('is not run without a hardware GPU, where WebAssembly is refused, nor where a backend is asked for', async () => {
    const software = () => ok({ name: 'SwiftShader', software: true });
    const without = candidates({ webgpu: { adapter: software }, webgl: { adapter: software } });
    expect(await chooseBackend({ ...any, race: course }, without.list)).toMatchObject({ backend: 'simd', race: null });
    const alone = candidates({ simd: { create: () => Promise.resolve(fail('no', 'No memory.')) } });
    expect(await chooseBackend({ ...any, race: course }, alone.list)).toMatchObject({ backend: 'webgpu', race: null });
    const asked = await chooseBackend({ only: 'webgpu', avoid: [], race: course }, candidates().list, clock());
    expect(asked.race).toBeNull();
  });

  it('goes to the other one where one fails, and on to the next backend where both do', async () => {
    const one = await chooseBackend({ ...any, race: course }, candidates({ webgpu: fails('webgpu') }).list, clock());
    expect(one.backend).toBe('simd');
    expect(one.tried[0]).toMatchObject({
      admitted: false,
      reason: 'It passed the admission test, but failed in the race.',
    });
    const other = await chooseBackend({ ...any, race: course }, candidates({ simd: fails('simd') }).list, clock());
    expect(other.backend).toBe('webgpu');
    const both = candidates({ webgpu: fails('webgpu'), simd: fails('simd') });
    const next = await chooseBackend({ ...any, race: course }, both.list, clock());
    expect([next.backend, next.race]).toEqual(['webgl', null]);
    expect(both.made).toEqual(['webgl']); // neither that failed is tried again
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
