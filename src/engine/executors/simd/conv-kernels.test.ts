import { describe, expect, it } from 'vitest';
import { stream } from '#lib/random.ts';
import { expectNear, grid, kernelBench } from '#testing/kernel-bench.ts';

const { call, put, putInts, get, getInts, memory } = kernelBench();
const random = stream(11, 'kernels');
const normals = (count: number): Float32Array => Float32Array.from({ length: count }, random.normal);

describe('convolution kernels', () => {
  const CASES = [
    { height: 6, width: 8, channels: 8, kernel: 3, stride: 1, filters: 8 },
    { height: 10, width: 14, channels: 8, kernel: 3, stride: 1, filters: 8 },
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
        const check = (digits: number): void => {
          const [values, places] = [get(pooled, h * v * stored), getInts(winners, h * v * stored)];
          grid(h, v, (py, px) => {
            for (let o = 0; o < filters; o++) {
              const window = grid(2, 2, (dy, dx) => conv(2 * py + dy, 2 * px + dx, o));
              const best = Math.max(...window);
              const i = window.indexOf(best);
              const place = (2 * py + (i >> 1)) * stride * row + (2 * px + (i & 1)) * stride * pixel;
              expect(values[(py * v + px) * stored + o]).toBeCloseTo(relu ? Math.max(0, best) : best, digits);
              expect(places[(py * v + px) * stored + o]).toBe(relu && best <= 0 ? -1 : place);
            }
          });
        };
        const out = [pooled, v * stored * 4, stored * 4, h, v, relu, winners] as const;
        call('convPoolForward', image, row, pixel, kernel, stride, panels, biases, ...out);
        check(4);
        if (kernel !== 3 || stride !== 1 || channels % 8 !== 0) return;
        const packed = put(new Float32Array(36 * channels * stored));
        call('packWinogradTiles', panels, packed, stored / 8, channels, 1);
        for (const together of [1, 2]) {
          const tiles = together * Math.ceil(v / 2) + 3;
          const scratch = put(new Float32Array(36 * (tiles * (channels + stored) + 32)).fill(NaN));
          memory()
            .floats()
            .fill(NaN, pooled / 4, pooled / 4 + h * v * stored);
          call('winogradPoolForward', image, row, pixel, packed, biases, ...out, together, scratch);
          check(3); // of sums of 72 to 144 products, through transforms that cost a digit
        }
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
      memory().ints()[list / 4 + 2 * i] = pixel * channels * 4;
      memory().floats()[list / 4 + 2 * i + 1] = g;
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
    expectNear(get(dx, wantedInput.length), wantedInput);
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

  it('list the winners that have a gradient', () => {
    const list = put(new Float32Array(20));
    // 2 x 2 windows of 2 channels; the gradient's rows have a pixel to spare
    const [winners, d] = [putInts([64, 0, -1, 0, 0, 0, 96, 0]), put([1, 9, 2, 9, 9, 9, 0, 9, 4, 9])];
    const end = call('listWinners', winners, d, 24, 8, 2, 2, list);
    expect((end - list) / 8).toBe(3);
    expect([0, 1, 2].map((i) => [getInts(list + 8 * i, 1)[0], get(list + 8 * i + 4, 1)[0]])).toEqual([
      [64, 1],
      [0, 0],
      [96, 4],
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
