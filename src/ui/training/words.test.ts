import { expect, test } from 'vitest';
import { memberResult } from '#testing/records.ts';
import { backendText, mixtureText, raceText, reasonText, spokenState, titleOf } from './words.ts';

test('says what runs, with cores only where they matter', () => {
  const admission = { backend: 'simd', detail: '', workers: 2, reason: '', tried: [] } as const;
  expect(backendText(admission)).toBe('SIMD WebAssembly on 2 CPU cores');
  expect(backendText({ ...admission, workers: 1 })).toBe('SIMD WebAssembly on 1 CPU core');
  expect(backendText({ ...admission, backend: 'webgpu' })).toBe('WebGPU');
});

test('says in one sentence that software adapters are not used, and of any other reason the first sentence', () => {
  const soft = {
    backend: 'webgl',
    admitted: false,
    reason: 'The adapter (x) is rendered in software, which is slow.',
    durationMs: 1,
  } as const;
  const admission = { backend: 'simd', detail: '', workers: 2, reason: 'The whole reason.', tried: [soft] } as const;
  expect(reasonText(admission)).toBe('WebGL is rendered in software in this browser, far slower, and so not used.');
  expect(reasonText({ ...admission, tried: [soft, { ...soft, backend: 'webgpu', reason: 'Off by 3 %.' }] })).toBe(
    'The whole reason.',
  );
  expect(reasonText({ ...admission, tried: [], reason: 'It is off by 3.5 % only. WebGPU: no adapter.' })).toBe(
    'It is off by 3.5 % only.',
  );
});

test('title and spoken state follow the run', () => {
  expect(titleOf({ status: 'running', done: 3, planned: 60 })).toBe('3 of 60 members trained');
  expect(titleOf({ status: 'done', done: 60, planned: 60 })).toBe('All 60 members are in');
  expect(titleOf({ status: 'done', done: 59, planned: 60 })).toBe('59 of 60 members are in');
  expect(spokenState({ status: 'paused', done: 3, planned: 60 })).toBe('Paused: 3 of 60 members trained.');
});

test('says who won the race and by how much, and that it decides', () => {
  const race = {
    program: '',
    device: '',
    racers: [
      { backend: 'simd', memberStepsPerSecond: 95.4 },
      { backend: 'webgpu', memberStepsPerSecond: 1310 },
    ],
  } as const;
  const won = 'WebGPU trains 1,310 member-steps a second here, SIMD WebAssembly 95: WebGPU it is.';
  expect(raceText(race)).toBe(won);
  expect(reasonText({ backend: 'webgpu', detail: '', workers: 1, reason: 'x.', tried: [], race })).toBe(won);
  const variants = [
    { ...race.racers[1], variant: '4 pixels a thread' },
    { backend: 'webgpu', variant: '8 pixels a thread', memberStepsPerSecond: 1500 },
    { backend: 'webgpu', variant: '2 pixels a thread', memberStepsPerSecond: null },
    race.racers[0],
  ] as const;
  expect(raceText({ ...race, racers: variants })).toBe(
    'WebGPU (8 pixels a thread) trains 1,500 member-steps a second here, SIMD WebAssembly 95: WebGPU it is.',
  );
  const failed = [
    { backend: 'webgl', memberStepsPerSecond: null },
    { ...race.racers[0], memberStepsPerSecond: 2.55 },
  ] as const;
  expect(raceText({ ...race, racers: failed })).toBe(
    'SIMD WebAssembly trains 2.5 member-steps a second here, WebGL failed: SIMD WebAssembly it is.',
  );
});

test('flags members of more than one backend', () => {
  const [a, b] = [memberResult('baseline', 0), memberResult('baseline', 1)];
  expect(mixtureText([a, b])).toBeNull();
  expect(mixtureText([a, { ...b, backend: 'webgpu' }])).toBe(
    'The members come from the plain reference in TypeScript and WebGPU.',
  );
});
