import { beforeAll, describe, expect, it } from 'vitest';
import { createKernelMemory, type KernelMemory } from '#engine/executors/simd/memory.ts';
import { chooseVariant, loadKernels } from '#engine/executors/simd/module.ts';
import { stream } from '#lib/random.ts';
import { ensureSimdKernels } from '#testing/simd-kernels.ts';

type Kernel = (...args: number[]) => number;
let kernels: Record<string, Kernel>;
let memory: KernelMemory;

beforeAll(async () => {
  ensureSimdKernels();
  memory = createKernelMemory();
  kernels = (await loadKernels(await chooseVariant(), memory.memory)) as unknown as Record<string, Kernel>;
}, 60_000);

const call = (name: string, ...args: number[]): number => kernels[name]!(...args);
const put = (values: ArrayLike<number>): number => {
  const at = memory.reserve(values.length * 4 + 64, 'a test array');
  memory.floats().set(values, at / 4);
  return at;
};
const get = (at: number, count: number): number[] => [...memory.floats().subarray(at / 4, at / 4 + count)];
const getInts = (at: number, count: number): number[] => [...memory.ints().subarray(at / 4, at / 4 + count)];

const random = stream(11, 'kernels');
const normals = (count: number): Float32Array => Float32Array.from({ length: count }, random.normal);
const expectClose = (got: ArrayLike<number>, wanted: ArrayLike<number>): void => {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(got[i], String(i)).toBeCloseTo(wanted[i]!, 4);
};
const grid = <T>(height: number, width: number, of: (y: number, x: number) => T): T[] =>
  Array.from({ length: height * width }, (_, i) => of(Math.floor(i / width), i % width));

describe('dense kernels', () => {
  const SIZES = [1, 2, 4, 5, 6, 7, 10, 13, 16].flatMap((rows) => [
    { rows, inner: 1, units: 3 },
    { rows, inner: 7, units: 8 },
    { rows, inner: 12, units: 21 },
  ]);

  it.each(SIZES)(
    'multiply $rows x $inner by $inner x $units, with strides, bias and relu',
    ({ rows, inner, units }) => {
      const stored = Math.ceil(units / 8) * 8;
      const [a, b, bias] = [normals(rows * (inner + 3)), normals(inner * units), normals(stored)];
      const panels = put(new Float32Array(inner * stored));
      call('packDensePanels', put(b), panels, 1, inner, inner, units);
      const [at, stride] = [put(new Float32Array(rows * (stored + 4))), (stored + 4) * 4];
      for (const relu of [0, 1]) {
        call('gemmPanels', put(a), (inner + 3) * 4, panels, at, stride, rows, stored / 8, inner, put(bias), relu);
        for (let row = 0; row < rows; row++) {
          const wanted = Array.from({ length: units }, (_, unit) => {
            let sum = bias[unit]!;
            for (let k = 0; k < inner; k++) sum += a[row * (inner + 3) + k]! * b[k * units + unit]!;
            return relu ? Math.max(0, sum) : sum;
          });
          expectClose(get(at + row * stride, units), wanted);
        }
      }
    },
  );

  it.each(SIZES)('add A^T D ($inner x $rows by $rows x units) to what is there', ({ rows, inner, units }) => {
    const stored = Math.ceil(units / 8) * 8;
    const [a, d, before] = [normals(rows * inner), normals(rows * stored), normals(inner * stored)];
    const at = put(before);
    call('gemmTransposed', put(a), inner * 4, put(d), stored * 4, at, stored * 4, rows, stored / 8, inner);
    const wanted = grid(inner, stored, (k, unit) => {
      let sum = before[k * stored + unit]!;
      for (let row = 0; row < rows; row++) sum += a[row * inner + k]! * d[row * stored + unit]!;
      return sum;
    });
    expectClose(get(at, inner * stored), wanted);
    const sums = put(new Float32Array(stored).fill(1));
    call('columnSums', put(d), stored * 4, sums, rows, stored);
    const column = (unit: number): number => d.filter((_, i) => i % stored === unit).reduce((sum, x) => sum + x, 1);
    expectClose(
      get(sums, stored),
      Array.from({ length: stored }, (_, unit) => column(unit)),
    );
  });

  it('transpose panels', () => {
    const weights = normals(16 * 11); // [16, 11]
    const [panels, transposed] = [put(new Float32Array(16 * 16)), put(new Float32Array(16 * 16))];
    call('packDensePanels', put(weights), panels, 1, 16, 16, 11);
    call('transposePanels', panels, transposed, 2, 16);
    const wanted = put(new Float32Array(16 * 16));
    const turned = grid(11, 16, (unit, k) => weights[k * 11 + unit]!); // [11, 16]
    call('packDensePanels', put([...turned, ...new Float32Array(5 * 16)]), wanted, 1, 16, 16, 16);
    expect(get(transposed, 256)).toEqual(get(wanted, 256));
  });

  it('stop the gradient where relu is off, at zero as well', () => {
    const d = put([1, 2, 3, 4, 5, 6, 7, 8]);
    call('reluGradient', d, 16, put([1, 0, -1, 2, -0, 1e-30, -5, 0.5]), 16, 2, 4);
    expect(get(d, 8)).toEqual([1, 0, 0, 4, 0, 6, 0, 8]);
  });
});

describe('convolution kernels', () => {
  const CASES = [
    { height: 6, width: 8, channels: 8, kernel: 3, stride: 1, filters: 8 },
    { height: 7, width: 5, channels: 3, kernel: 3, stride: 1, filters: 5 },
    { height: 9, width: 11, channels: 1, kernel: 5, stride: 2, filters: 12 },
    { height: 4, width: 13, channels: 16, kernel: 3, stride: 1, filters: 20 },
    { height: 5, width: 5, channels: 2, kernel: 2, stride: 1, filters: 3 },
  ];

  it.each(CASES)(
    'forward, with a pool and by Winograd on %o',
    ({ height, width, channels, kernel, stride, filters }) => {
      const [rows, columns] = [(height - 1) * stride + kernel, (width - 1) * stride + kernel]; // with the border
      const stored = Math.ceil(filters / 8) * 8;
      const [x, w] = [normals(rows * columns * channels), normals(kernel * kernel * channels * filters)];
      const bias = normals(stored).fill(0, filters);
      const panels = put(new Float32Array(kernel * kernel * channels * stored));
      call('packConvPanels', put(w), panels, kernel * kernel, channels, channels, filters);
      const conv = (y: number, x0: number, o: number): number => {
        let sum = bias[o]!;
        for (let ky = 0; ky < kernel; ky++)
          for (let k = 0; k < kernel * channels; k++)
            sum +=
              x[((y * stride + ky) * columns + x0 * stride) * channels + k]! *
              w[(ky * kernel * channels + k) * filters + o]!;
        return sum;
      };
      const [image, biases, row, pixel] = [put(x), put(bias), columns * channels * 4, channels * 4];
      const y = put(new Float32Array(height * width * stored));
      for (const relu of [0, 1]) {
        call(
          'convForward',
          image,
          row,
          pixel,
          kernel,
          stride,
          panels,
          biases,
          y,
          width * stored * 4,
          stored * 4,
          height,
          width,
          relu,
        );
        const got = get(y, height * width * stored);
        grid(height, width, (oy, ox) => {
          for (let o = 0; o < filters; o++) {
            const wanted = conv(oy, ox, o);
            expect(got[(oy * width + ox) * stored + o]).toBeCloseTo(relu ? Math.max(0, wanted) : wanted, 4);
          }
        });
        expectPooled(relu);
      }

      function expectPooled(relu: number): void {
        const [h, v] = [height >> 1, width >> 1];
        const pooled = put(new Float32Array(h * v * stored));
        const winners = put(new Float32Array(h * v * stored));
        const check = (): void => {
          const [values, places] = [get(pooled, h * v * stored), getInts(winners, h * v * stored)];
          grid(h, v, (py, px) => {
            for (let o = 0; o < filters; o++) {
              const window = grid(2, 2, (dy, dx) => conv(2 * py + dy, 2 * px + dx, o));
              const best = Math.max(...window);
              const i = window.indexOf(best);
              const place = (2 * py + (i >> 1)) * stride * row + (2 * px + (i & 1)) * stride * pixel;
              expect(values[(py * v + px) * stored + o]).toBeCloseTo(relu ? Math.max(0, best) : best, 4);
              expect(places[(py * v + px) * stored + o]).toBe(relu && best <= 0 ? -1 : place);
            }
          });
        };
        const out = [pooled, v * stored * 4, stored * 4, h, v, relu, winners] as const;
        call('convPoolForward', image, row, pixel, kernel, stride, panels, biases, ...out);
        check();
        if (kernel !== 3 || stride !== 1 || channels % 8 !== 0) return;
        const packed = put(new Float32Array(16 * channels * stored));
        call('packWinograd', put(w), packed, channels, channels, filters, stored);
        const scratch = put(new Float32Array(16 * (v + 3) * (channels + stored)).fill(NaN));
        memory.floats().fill(NaN, pooled / 4, pooled / 4 + h * v * stored);
        call('winogradPoolForward', image, row, pixel, packed, biases, ...out, scratch);
        check();
      }
    },
  );

  it.each([1, 2, 3, 4, 8, 16, 20])('gradients from a list, %i channels', (channels) => {
    const [side, kernel] = [6, 3];
    const rowFloats = Math.ceil((kernel * channels) / 4) * 4;
    const [x, w, before] = [normals(side * side * channels), normals(kernel * rowFloats), normals(kernel * rowFloats)];
    const entries = [
      [0, 1.5],
      [side + 2, -2],
      [3 * side + 3, 0.25],
      [3 * side + 3, 1],
    ] as const;
    const list = put(new Float32Array(8));
    entries.forEach(([pixel, g], i) => {
      memory.ints()[list / 4 + 2 * i] = pixel * channels * 4;
      memory.floats()[list / 4 + 2 * i + 1] = g;
    });
    const [end, row] = [list + 32, side * channels * 4];
    expect(call('sumList', list, end)).toBe(0.75);
    const [dw, dx] = [put(before), put(new Float32Array(side * side * channels + 4))];
    call('kernelGradient', put(x), row, kernel, list, end, dw, rowFloats * 4);
    const wantedKernel = Float64Array.from(before);
    const wantedInput = new Float64Array(side * side * channels);
    for (const [pixel, g] of entries)
      for (let ky = 0; ky < kernel; ky++)
        for (let k = 0; k < kernel * channels; k++) {
          const at = (pixel + ky * side) * channels + k;
          wantedKernel[ky * rowFloats + k]! += g * x[at]!;
          wantedInput[at]! += g * w[ky * rowFloats + k]!;
        }
    const got = get(dw, kernel * rowFloats);
    for (let ky = 0; ky < kernel; ky++)
      for (let k = 0; k < kernel * channels; k++)
        expect(got[ky * rowFloats + k]).toBeCloseTo(wantedKernel[ky * rowFloats + k]!, 4);
    if (channels % 4 !== 0) return; // the input's own gradient is never wanted, all else is stored in whole vectors
    call('inputGradient', dx, row, kernel, list, end, put(w), rowFloats * 4);
    expectClose(get(dx, wantedInput.length), wantedInput);
  });

  it('list the outputs that have a gradient', () => {
    const list = put(new Float32Array(20));
    const [y, d] = [put([1, 9, 0, 9, 3, 9, 5, 9]), put([2, 9, 4, 9, 0, 9, 7, 9])]; // 2 x 2 pixels of 2 channels
    const listed = (relu: number): number[][] => {
      const end = call('listOutputs', y, d, 16, 8, 2, 2, relu, 100, 10, list);
      return Array.from({ length: (end - list) / 8 }, (_, i) => [
        getInts(list + 8 * i, 1)[0]!,
        get(list + 8 * i + 4, 1)[0]!,
      ]);
    };
    expect(listed(1)).toEqual([
      [0, 2],
      [110, 7],
    ]);
    expect(listed(0)).toEqual([
      [0, 2],
      [10, 4],
      [110, 7],
    ]);
  });

  it('put rows of kernels back where they came from', () => {
    const w = normals(3 * 3 * 3 * 5);
    const [rows, back] = [put(new Float32Array(5 * 3 * 12)), put(new Float32Array(w.length))];
    call('packConvRows', put(w), rows, 3, 3, 3, 5, 48);
    expect(get(rows + 4 * (36 * 2 + 12 + 4), 1)[0]).toBe(w[((1 * 3 + 1) * 3 + 1) * 5 + 2]); // [o 2][ky 1][kx 1, channel 1]
    call('unpackConvRows', rows, back, 3, 3, 3, 5, 48);
    expect(get(back, w.length)).toEqual([...w]);
  });
});

describe('other kernels', () => {
  it('pool windows of any size, the first of equal values, all negative ones too', () => {
    const x = [-3, -1, -1, 7, -2, -1, -1, 0, 5, 5, 5, 5];
    const [y, winners, dx] = [put([0]), put([0]), put(new Float32Array(12))];
    call('poolForward', put(x), 16, y, 4, 4, 2, 1, 1, winners);
    expect([get(y, 1), getInts(winners, 1)]).toEqual([[-1], [4]]);
    call('poolForward', put(x), 16, y, 4, 4, 3, 1, 1, winners);
    expect([get(y, 1), getInts(winners, 1)]).toEqual([[5], [32]]);
    call('poolGradient', dx, put([2.5]), 4, 4, 1, 1, winners);
    expect(get(dx, 12)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 2.5, 0, 0, 0]);
  });

  it('give the loss of enormous logits and its gradient', () => {
    const labels = memory.reserve(16, 'labels');
    new Uint16Array(memory.memory.buffer).set([1, 0], labels / 2);
    const indices = memory.reserve(16, 'indices');
    memory.ints().set([1, 0], indices / 4);
    const d = put(new Float32Array(8));
    const loss = call(
      'softmaxCrossEntropy',
      put([1e4, 0, 0, 0, Math.log(3), 0, 0, 0]),
      d,
      16,
      indices,
      labels,
      2,
      2,
      0.5,
    );
    expect(loss).toBeCloseTo(Math.log(4), 6);
    expectClose(get(d, 8), [0, 0, 0, 0, 0.375, -0.375, 0, 0]);
  });

  it('update only where the mask is 1, and let state that decays end at zero', () => {
    const mask = put([1, 0, 1, 1]);
    const gradient = put([2, 2, 0, -1]);
    const [raw, effective, velocity] = [put([1, 1, 1, 1]), put([9, 9, 9, 9]), put([4, 4, 1e-37, 0])];
    call('updateMomentum', raw, mask, effective, velocity, gradient, 0, 0, 16, 0.5, 0.5);
    expect(get(raw, 4)).toEqual([-1, 1, 1, 1.5]);
    expect(get(effective, 4)).toEqual([-1, 0, 1, 1.5]);
    expect(get(velocity, 4)).toEqual([4, 4, 0, -1]);
    call('updateSgd', raw, mask, effective, gradient, 0, 0, 16, 0.25);
    expect(get(raw, 4)).toEqual([-1.5, 1, 1, 1.75]);
    const [moments, squares] = [put([0, 3, 1e-37, 0]), put([0, 3, 1e-37, 0])];
    // the first step of Adam is the rate in the direction of the gradient
    call(
      'updateAdam',
      raw,
      mask,
      effective,
      moments,
      squares,
      gradient,
      0,
      0,
      16,
      0.5,
      0.5,
      0.75,
      0.5,
      0.25,
      0,
      0.5,
      0.25,
    );
    expect(get(raw, 2).concat(get(raw + 12, 1))).toEqual([-2, 1, 2.25]);
    expect(get(moments, 4)).toEqual([1, 3, 0, -0.5]);
    expect(get(squares, 4)).toEqual([1, 3, 0, 0.25]);
  });

  it('round halves up and clip', () => {
    const x = put([0.25, -0.25, 0.75, 100]);
    call('quantizeFixed', x, 4, 0.5, -100);
    expect(get(x, 4)).toEqual([0.5, 0, 1, 100]);
    const clipped = put([-20, 200, -13.9, 113.4]);
    call('quantizeFixed', clipped, 4, 0.5, -100);
    expect(get(clipped, 4)).toEqual([-14, 113.5, -14, 113.5]);
    const symmetric = put([-0.25, 0.25, 63.5, -63.5]);
    call('quantizeSymmetric', symmetric, 4, 0.5);
    expect(get(symmetric, 4).map((value) => value + 0)).toEqual([0, 0.5, 63.5, -63.5]);
  });

  it('find ranges of runs of any length', () => {
    for (let count = 1; count < 14; count++) {
      const values = normals(count);
      const range = put([Infinity, -Infinity]);
      call('extendRange', put([...values, 99, -99, 99, -99]), count, range);
      expect(get(range, 2)).toEqual([Math.min(...values), Math.max(...values)]);
    }
  });

  it('read bytes of rows of any length into a bordered image', () => {
    for (const row of [1, 3, 8, 13, 24]) {
      const bytes = Uint8Array.from({ length: 2 * row }, () => random.int(256));
      const from = memory.reserve(2 * row + 16, 'bytes');
      memory.bytes().set(bytes, from);
      const stride = (row + 5) * 4;
      const to = put(new Float32Array(2 * (row + 5)).fill(9));
      call('readBytes', from, to, stride, 2, row);
      for (const y of [0, 1]) {
        const wanted = [...bytes.subarray(y * row, (y + 1) * row)].map((byte) => byte / 127.5 - 1);
        expectClose(get(to + y * stride, row), wanted);
        expect(get(to + y * stride + row * 4, 5)).toEqual([9, 9, 9, 9, 9]);
      }
    }
  });
});
