import { describe, expect, it } from 'vitest';
import { figure, gpuTable, machineFacts, ratioTable, renderTable, trainTable } from './columns.ts';
import { adapterName, ratioOf, type GpuRow, type Machine, type TrainRow } from './report.ts';

const ROW: TrainRow = {
  trainer: 'simd',
  where: 'chromium',
  variant: 'relaxed',
  model: 'cnn-small',
  image: '32x32x3',
  batch: 64,
  optimizer: 'sgd',
  workers: 2,
  members: 1,
  msPerStep: 8.125,
  msPerStepQuartiles: [8, 9.5],
  memberStepsPerSecond: 251.4,
  gflops: 154,
  rounds: 7,
  detail: 'WebAssembly SIMD, relaxed',
};
const REFUSED: TrainRow = {
  ...ROW,
  msPerStep: null,
  msPerStepQuartiles: null,
  memberStepsPerSecond: null,
  gflops: null,
  rounds: 0,
  detail: null,
  notAvailable: 'it has no kernels for batch norm',
};
const MACHINE: Machine = {
  cpu: 'Some CPU',
  cores: 2,
  system: 'Linux',
  browser: 'Chromium 156',
  node: null,
  torch: '1.13',
  adapters: { webgpu: { name: 'SwiftShader', software: true }, webgl: null },
};

describe('a ratio', () => {
  it('is the median over the rounds, not the ratio of medians', () => {
    const ratio = ratioOf([10, 20, 90], [10, 5, 30], 3);
    expect(ratio).toEqual({ value: 3, target: 3, bound: 'at least', met: true, quartiles: [2, 3.5] });
  });

  it('is held against its target from the side that it names', () => {
    expect(ratioOf([2], [1], 2.5).met).toBe(false);
    expect(ratioOf([2], [1], 2.5, 'at most').met).toBe(true);
    expect(ratioOf([3], [1], 2.5, 'at most').met).toBe(false);
    expect(ratioOf([2], [1])).toMatchObject({ value: 2, target: null, met: null });
  });

  it('keeps its target where a side is missing', () => {
    expect(ratioOf([1], [], 2)).toEqual({ value: null, target: 2, bound: 'at least', met: null, quartiles: null });
  });
});

describe('a table', () => {
  it('writes figures with three digits and no more than four places', () => {
    expect([0.073123, 12.94, 1150.4, 3, 0.00001, 0, -8.126, null, Number.NaN].map(figure)).toEqual([
      ...['0.0731', '12.9', '1150', '3.00', '0.0000', '0', '-8.13', '-', '-'],
    ]);
  });

  it('lines its columns up and says why a row has no numbers', () => {
    const lines = renderTable(trainTable([ROW, REFUSED])).split('\n');
    expect(lines).toHaveLength(5);
    const [, head, row, refused, end] = lines as [string, string, string, string, string];
    expect(row).toMatch(/^simd relaxed +chromium +cnn-small +32x32x3 +64 +2 +1 +8\.13 +8\.00\.\.9\.50 +251 +154$/);
    expect(row).toHaveLength(head.length);
    expect(refused).toMatch(/ 1 +- +- +- +- {2}not available: it has no kernels for batch norm$/);
    expect(end).toBe('');
  });

  it('shows a population and the stock model below it', () => {
    const costs = {
      batch: 64,
      dispatchesPerMemberStep: 0.6,
      bytesPerMemberStep: 1500,
      memberStepsPerSecond: 2,
      firstStepMs: 900,
      bytesPerMember: 2e6,
    };
    const what = { backend: 'webgl', model: 'cnn-small', members: 30, adapter: 'x', software: true } as const;
    const row: GpuRow = { ...what, ...costs, stock: { ...costs, dispatchesPerMemberStep: 179 } };
    expect(gpuTable([row]).rows.map(({ cells }) => cells)).toEqual([
      ['webgl', 'cnn-small', '30', '64', '0.600', '1.50', '2.00', '900', '2.00'],
      ['webgl', 'cnn-small', 'stock', '64', '179', '1.50', '2.00', '900', '2.00'],
    ]);
  });

  it('says whether targets are met', () => {
    const ratios = { fast: ratioOf([4], [1], 2), slow: ratioOf([1], [1], 2), open: ratioOf([3], [2]) };
    expect(ratioTable('training', ratios).rows.map(({ cells }) => cells.slice(1))).toEqual([
      ['4.00', '4.00..4.00', 'at least 2', 'yes'],
      ['1.00', '1.00..1.00', 'at least 2', 'no'],
      ['1.50', '1.50..1.50', '-', '-'],
    ]);
  });

  it('names the machine, and calls a software adapter so', () => {
    expect(machineFacts(MACHINE)).toEqual([
      ['CPU', 'Some CPU, 2 cores'],
      ['system', 'Linux'],
      ['browser', 'Chromium 156'],
      ['adapters', 'WebGPU: SwiftShader (software); WebGL: none'],
      ['PyTorch', '1.13'],
    ]);
    expect(adapterName({ name: 'Real GPU', software: false })).toBe('Real GPU');
  });
});
