import { describe, expect, it } from 'vitest';
import { phasesOf, turnedPad, type Axis } from '#engine/executors/simd/whole-batch/axis.ts';
import { MASK_NONE, MASK_Y, MASK_Z } from '#engine/executors/simd/whole-batch/codes.ts';
import { stream } from '#lib/random.ts';
import { expectNear, kernelBench } from '#testing/kernel-bench.ts';

const { call, put, putInts, get, getInts, memory } = kernelBench();
const random = stream(21, 'whole-batch kernels');
const IMAGES = 3;

/** Values [image, y, x, channel] of a test, and a tensor of the kernels with a zero border in whose channels they lie. */
interface Images {
  readonly record: number;
  readonly at: (image: number, y: number, x: number, channel: number) => number; // 0 outside
  readonly read: () => number[]; // [image, y, x, stored]
}

function images(
  height: number,
  width: number,
  channels: number,
  stored: number,
  border: number,
  values?: () => number,
): Images {
  const [rows, columns] = [height + 2 * border, width + 2 * border];
  const [row, stride] = [columns * stored * 4, rows * columns * stored * 4 + 64];
  const data = memory().reserve(IMAGES * stride + 64, 'images');
  const place = (image: number, y: number, x: number, channel: number): number =>
    (data + image * stride + (y + border) * row + ((x + border) * stored + channel) * 4) / 4;
  const all = { height, width, channels: stored };
  const own: number[] = [];
  for (let image = 0; image < IMAGES; image++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < stored; c++) {
          const value = values && c < channels ? Math.fround(values()) : 0;
          own.push(value);
          memory().floats()[place(image, y, x, c)] = value;
        }
  const record = putInts([place(0, 0, 0, 0) * 4, stride, row, stored * 4, height, width, stored, channels]);
  return {
    record,
    at: (image, y, x, c) =>
      y < 0 || x < 0 || y >= height || x >= width ? 0 : own[((image * height + y) * width + x) * all.channels + c]!,
    read: () => {
      const values: number[] = [];
      for (let image = 0; image < IMAGES; image++)
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) values.push(...get(place(image, y, x, 0) * 4, stored));
      return values;
    },
  };
}

/** of(image, y, x, channel) of every place of a tensor. */
function everywhere(
  height: number,
  width: number,
  stored: number,
  of: (image: number, y: number, x: number, c: number) => number,
): number[] {
  return Array.from({ length: IMAGES * height * width * stored }, (_, i) => {
    const pixel = Math.floor(i / stored);
    return of(Math.floor(pixel / width / height), Math.floor(pixel / width) % height, pixel % width, i % stored);
  });
}

const normal = (): number => random.normal();
const outLength = (length: number, kernel: number, stride: number, pad: number): number =>
  Math.floor((length + 2 * pad - kernel) / stride) + 1;

const CASES = [
  { height: 9, width: 7, from: 3, kernel: 3, stride: 1, pad: 1, to: 5 },
  { height: 8, width: 12, from: 16, kernel: 3, stride: 1, pad: 1, to: 8 },
  { height: 6, width: 5, from: 8, kernel: 3, stride: 1, pad: 0, to: 12 },
  { height: 5, width: 9, from: 8, kernel: 3, stride: 1, pad: 2, to: 8 },
  { height: 9, width: 16, from: 8, kernel: 3, stride: 2, pad: 0, to: 8 },
  { height: 7, width: 10, from: 16, kernel: 3, stride: 2, pad: 1, to: 9 },
  { height: 4, width: 3, from: 5, kernel: 1, stride: 1, pad: 0, to: 3 },
  { height: 7, width: 6, from: 8, kernel: 1, stride: 2, pad: 0, to: 16 },
  { height: 7, width: 6, from: 1, kernel: 2, stride: 2, pad: 1, to: 4 },
  { height: 9, width: 8, from: 4, kernel: 4, stride: 1, pad: 1, to: 8 },
  { height: 11, width: 8, from: 2, kernel: 5, stride: 2, pad: 2, to: 20 },
];

describe.each(CASES)('convolution of whole batches: %o', ({ height, width, from, kernel, stride, pad, to }) => {
  const [rows, columns] = [outLength(height, kernel, stride, pad), outLength(width, kernel, stride, pad)];
  const storedTo = Math.ceil(to / 8) * 8;
  const taps = kernel * kernel;
  const weights = Float32Array.from({ length: taps * from * to }, () => 0.2 * normal());
  const bias = Float32Array.from({ length: storedTo }, (_, o) => (o < to ? normal() : 0));
  const weight = (ky: number, kx: number, i: number, o: number): number =>
    weights[((ky * kernel + kx) * from + i) * to + o]!;
  const conv = (x: Images, image: number, y: number, column: number, o: number): number => {
    let sum = 0;
    for (let ky = 0; ky < kernel; ky++)
      for (let kx = 0; kx < kernel; kx++)
        for (let i = 0; i < from; i++)
          sum += x.at(image, y * stride + ky - pad, column * stride + kx - pad, i) * weight(ky, kx, i, o);
    return sum;
  };
  const panelsOf = (stored: number): number => {
    const panels = put(new Float32Array(taps * stored * storedTo));
    call('packConvPanels', put(weights), panels, taps, from, stored, to);
    return panels;
  };
  const packed = (panels: number, columnsOf: number, inner: number): number => {
    const planes = put(new Float32Array(36 * columnsOf * inner));
    call('packWinogradTiles', panels, planes, columnsOf / 8, inner, stride);
    return planes;
  };
  const winograd = kernel === 3;
  const block = 8;
  const scratch = (): number => put(new Float32Array(81 * (block + 1) * (32 + 32)).fill(1e30));

  it('forward, with relu, and by Winograd', () => {
    const x = images(height, width, from, from, 8, normal);
    const wanted = (relu: boolean): number[] =>
      everywhere(rows, columns, storedTo, (image, y, column, o) => {
        const sum = o < to ? conv(x, image, y, column, o) + bias[o]! : 0;
        return relu ? Math.max(0, sum) : sum;
      });
    for (const relu of [0, 1]) {
      const y = images(rows, columns, to, storedTo, 2, normal);
      const biases = put(bias);
      call(
        'batchConvolve',
        x.record,
        y.record,
        0,
        IMAGES,
        kernel,
        kernel,
        stride,
        pad,
        pad,
        panelsOf(from),
        biases,
        relu,
        0,
      );
      expectNear(y.read(), wanted(relu === 1));
      if (!winograd || from % 8 !== 0) continue;
      const z = images(rows, columns, to, storedTo, 2, normal);
      const args = [pad, pad, packed(panelsOf(from), storedTo, from), biases, relu];
      if (stride === 1) call('batchWinograd', x.record, z.record, 0, IMAGES, ...args, 0, block, scratch());
      else call('batchWinogradStrided', x.record, z.record, 0, IMAGES, ...args, block, scratch());
      expectNear(z.read(), wanted(relu === 1));
    }
  });

  it('kernel gradient, and by Winograd', () => {
    const x = images(height, width, from, from, 8, normal);
    const d = images(rows, columns, to, storedTo, 4, () => 0.2 * normal());
    const wanted = Array.from({ length: taps * from * storedTo }, (_, n) => {
      const [o, i, tap] = [n % storedTo, Math.floor(n / storedTo) % from, Math.floor(n / storedTo / from)];
      let sum = 0.25;
      for (let image = 0; image < IMAGES; image++)
        for (let y = 0; y < rows; y++)
          for (let column = 0; column < columns; column++) {
            const [iy, ix] = [y * stride + Math.floor(tap / kernel) - pad, column * stride + (tap % kernel) - pad];
            sum += x.at(image, iy, ix, i) * d.at(image, y, column, o);
          }
      return sum;
    });
    const dw = put(new Float32Array(wanted.length).fill(0.25));
    call('batchKernelGradient', x.record, d.record, 0, IMAGES, kernel, kernel, stride, pad, pad, dw);
    expectNear(get(dw, wanted.length), wanted);
    const sums = put(new Float32Array(storedTo));
    call('batchSums', d.record, 0, IMAGES, sums);
    expectNear(
      get(sums, storedTo),
      Array.from({ length: storedTo }, (_, o) =>
        d.read().reduce((sum, g, n) => (n % storedTo === o ? sum + g : sum), 0),
      ),
    );
    if (!winograd || from % 8 !== 0) return;
    const [du, back] = [put(new Float32Array(36 * from * storedTo)), put(new Float32Array(wanted.length))];
    const name = stride === 1 ? 'batchWinogradGradient' : 'batchWinogradStridedGradient';
    call(name, x.record, d.record, 0, IMAGES, pad, pad, du, block, scratch());
    call('unpackWinogradTiles', du, back, from * storedTo * 4, stride);
    expectNear(
      get(back, wanted.length),
      wanted.map((sum) => sum - 0.25),
    );
  });

  it('input gradient, added to what is there, and by Winograd', () => {
    const storedFrom = Math.ceil(from / 8) * 8;
    const d = images(rows, columns, to, storedTo, 8, normal);
    const wanted = everywhere(height, width, storedFrom, (image, y, x, i) => {
      let sum = 0;
      for (let ky = 0; ky < kernel; ky++)
        for (let kx = 0; kx < kernel; kx++) {
          const [oy, ox] = [(y + pad - ky) / stride, (x + pad - kx) / stride];
          if (i >= from || !Number.isInteger(oy) || !Number.isInteger(ox)) continue;
          for (let o = 0; o < to; o++) sum += d.at(image, oy, ox, o) * weight(ky, kx, i, o);
        }
      return sum;
    });
    const axis = (length: number, out: number): Axis => ({ length, out, kernel, stride, pad, winograd: false });
    const zeros = put(new Float32Array(storedFrom));
    const inner = storedTo * 32;
    const dx = images(height, width, from, storedFrom, 0, () => 1);
    const [data, imageStride, row, pixel] = getInts(dx.record, 4) as [number, number, number, number];
    for (const down of phasesOf(axis(height, rows)))
      for (const right of phasesOf(axis(width, columns))) {
        const count = down.taps.length * right.taps.length;
        if (count === 0) continue;
        const panels = put(new Float32Array(count * storedTo * storedFrom));
        down.taps.forEach((ky, j) => {
          right.taps.forEach((kx, i) => {
            const tap = put(weights) + (ky * kernel + kx) * from * to * 4;
            call('packTap', tap, panels + (j * right.taps.length + i) * inner, from, to, count * inner);
          });
        });
        const at = data + down.first * row + right.first * pixel;
        const phase = [at, imageStride, row * stride, pixel * stride, down.count, right.count, storedFrom, from];
        const sizes = [down.taps.length, right.taps.length, 1, down.before, right.before];
        call('batchConvolve', d.record, putInts(phase), 0, IMAGES, ...sizes, panels, zeros, 0, 1);
      }
    expectNear(
      dx.read(),
      wanted.map((sum, n) => sum + (n % storedFrom < from ? 1 : 0)),
    );
    if (!winograd) return;
    const panels = put(new Float32Array(9 * storedTo * storedFrom));
    for (let tap = 0; tap < 9; tap++)
      call('packTap', put(weights) + tap * from * to * 4, panels + (8 - tap) * inner, from, to, 9 * inner);
    const planes = packed(panels, storedFrom, storedTo);
    for (const add of [0, 1]) {
      const there = images(height, width, from, storedFrom, 0, () => 1);
      const turned = turnedPad(axis(height, rows));
      if (stride === 1)
        call(
          'batchWinograd',
          d.record,
          there.record,
          0,
          IMAGES,
          turned,
          turned,
          planes,
          zeros,
          0,
          add,
          block,
          scratch(),
        );
      else
        call('batchWinogradStridedTurned', d.record, there.record, 0, IMAGES, pad, pad, planes, add, block, scratch());
      expectNear(
        there.read(),
        wanted.map((sum, n) => sum + (n % storedFrom < from ? add : 0)),
      );
    }
  });
});

describe('batch norm of whole batches', () => {
  const [height, width, channels, stored] = [3, 5, 11, 16];
  const ofChannel = (values: readonly number[], c: number): number[] => values.filter((_, i) => i % stored === c);
  const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
  const record = (): number => put(new Float32Array(7 * stored));

  it('takes moments of a large mean without losing digits, in any groups of images, and moves the running statistics', () => {
    const z = images(height, width, channels, stored, 1, () => 1000 + 0.01 * normal());
    const params = Float32Array.from({ length: 4 * channels }, (_, i) =>
      i < channels ? 0.5 + random.next() : normal(),
    );
    const [moments, coef, running] = [put(new Float32Array(4 + 4 * stored)), record(), put(params.slice(2 * channels))];
    call('batchMoments', z.record, 2, 1, moments);
    call('batchMoments', z.record, 0, 2, moments);
    call('batchNormFinish', moments, put(params), running, channels, stored, coef);
    const n = IMAGES * height * width;
    const got = get(coef, 7 * stored);
    const moved = get(running, 2 * channels);
    for (let c = 0; c < channels; c++) {
      const values = ofChannel(z.read(), c);
      const mean = meanOf(values);
      const variance = meanOf(values.map((x) => (x - mean) ** 2));
      const a = params[c]! / Math.sqrt(variance + 1e-5);
      expect(got[c]! / a).toBeCloseTo(1, 5);
      expect(got[2 * stored + c]! / mean).toBeCloseTo(1, 6);
      expect((got[stored + c]! + mean * a) / (mean * a)).toBeCloseTo(params[channels + c]! / mean / a, 6);
      expect(moved[c]! / (0.9 * params[2 * channels + c]! + 0.1 * mean)).toBeCloseTo(1, 6);
      expect(moved[channels + c]).toBeCloseTo(0.9 * params[3 * channels + c]! + (0.1 * variance * n) / (n - 1), 6);
    }
    expect(got.filter((_, i) => i % stored >= channels).every((x) => x === 0)).toBe(true);
  });

  it('predicts by the running statistics', () => {
    const params = [2, -1, 0.5, 3, 4, 1, 0.25, 9]; // scale, shift, mean, variance of two channels
    const coef = record();
    call('batchNormPredict', put(params), 2, stored, coef);
    const a = [2 / Math.sqrt(0.25 + 1e-5), -1 / Math.sqrt(9 + 1e-5)];
    expectNear(get(coef, 2), a);
    expectNear(get(coef + stored * 4, 2), [0.5 - 4 * a[0]!, 3 - 1 * a[1]!]);
  });

  it('normalizes, adds and cuts off; its gradient is that of finite sums', () => {
    const z = images(height, width, channels, stored, 1, normal);
    const other = images(height, width, channels, stored, 2, normal);
    const params = Float32Array.from({ length: 4 * channels }, () => 0.5 + random.next());
    const [moments, coef] = [put(new Float32Array(4 + 4 * stored)), record()];
    call('batchMoments', z.record, 0, IMAGES, moments);
    call('batchNormFinish', moments, put(params), put(new Float32Array(2 * channels)), channels, stored, coef);
    const ones = put(Float32Array.from({ length: 2 * stored }, (_, i) => (i < stored ? 1 : 0)));
    const [a, b] = [get(coef, stored), get(coef + 4 * stored, stored)];
    const values = z.read();
    const before = values.map((x, i) => a[i % stored]! * x + b[i % stored]!);
    const applied = images(height, width, channels, stored, 1);
    call('batchApply', applied.record, z.record, coef, 1, 0, IMAGES);
    expectNear(
      applied.read(),
      before.map((x) => Math.max(0, x)),
    );
    const joined = images(height, width, channels, stored, 0);
    call('batchJoin', joined.record, z.record, coef, other.record, ones, 1, 0, IMAGES);
    const sums = other.read().map((x, i) => x + before[i]!);
    expectNear(
      joined.read(),
      sums.map((x) => Math.max(0, x)),
    );

    for (const [mask, y, passes] of [
      [MASK_NONE, 0, () => true],
      [MASK_Z, 0, (i: number) => before[i]! > 0],
      [MASK_Y, joined.record, (i: number) => sums[i]! > 0],
    ] as const) {
      const d = images(height, width, channels, stored, 0, normal);
      const g = d.read().map((x, i) => (passes(i) ? x : 0));
      const [total, gradients] = [put(new Float32Array(4 * stored)), put(new Float32Array(2 * channels))];
      call('batchJoinSums', d.record, mask, y, z.record, coef, total, 0, IMAGES);
      call('batchNormTurn', total, moments, gradients, channels, stored, coef);
      const to = images(height, width, channels, stored, 1, () => 1);
      call('batchNormGradient', d.record, mask, y, z.record, coef, to.record, 1, 1, 0, IMAGES);
      expectNear(d.read(), g); // written back
      const [got, params2] = [to.read(), get(gradients, 2 * channels)];
      for (let c = 0; c < channels; c++) {
        const [x, gs] = [ofChannel(values, c), ofChannel(g, c)];
        const mean = meanOf(x);
        const inverse = 1 / Math.sqrt(meanOf(x.map((v) => (v - mean) ** 2)) + 1e-5);
        const hat = x.map((v) => (v - mean) * inverse);
        const product = meanOf(gs.map((v, i) => v * hat[i]!));
        expect(params2[c]).toBeCloseTo(product * x.length, 4);
        expect(params2[channels + c]).toBeCloseTo(meanOf(gs) * x.length, 4);
        const wanted = gs.map((v, i) => 1 + params[c]! * inverse * (v - meanOf(gs) - hat[i]! * product));
        expectNear(ofChannel(got, c), wanted);
      }
    }
  });

  it('stops gradients where a value is not positive, in place too, and clears', () => {
    const [d, y] = [
      images(height, width, channels, stored, 0, normal),
      images(height, width, channels, stored, 1, normal),
    ];
    const wanted = d.read().map((g, i) => (y.read()[i]! > 0 ? g : 0));
    const to = images(height, width, channels, stored, 2, () => 1);
    call('batchMask', d.record, y.record, to.record, 1, 0, IMAGES);
    expectNear(
      to.read(),
      wanted.map((g, i) => g + (i % stored < channels ? 1 : 0)),
    );
    call('batchMask', d.record, y.record, y.record, 0, 0, IMAGES);
    expectNear(y.read(), wanted);
    call('batchMask', d.record, 0, to.record, 0, 0, IMAGES);
    expect(to.read()).toEqual(d.read());
    call('batchClear', to.record, 1, 2);
    const image = height * width * stored;
    expect(to.read()).toEqual([...d.read().slice(0, image), ...new Array<number>(2 * image).fill(0)]);
  });
});

describe.each([
  { size: 2, height: 5, width: 6, stored: 8 },
  { size: 3, height: 10, width: 3, stored: 16 },
  { size: 2, height: 4, width: 5, stored: 3 },
])('pools of whole batches: %o', ({ size, height, width, stored }) => {
  const [rows, columns] = [Math.floor(height / size), Math.floor(width / size)];
  const windowOf = (x: Images, image: number, y: number, column: number, c: number): number[] =>
    Array.from({ length: size * size }, (_, i) =>
      x.at(image, y * size + Math.floor(i / size), column * size + (i % size), c),
    );

  it('take the first of the largest, and give it the gradient', () => {
    const x = images(height, width, stored, stored, 1, () => random.int(3) - 4);
    const [y, d] = [images(rows, columns, stored, stored, 2), images(rows, columns, stored, stored, 0, normal)];
    const winners = putInts(new Int32Array(IMAGES * rows * columns * stored));
    call('batchMaxPool', x.record, y.record, size, winners, 0, IMAGES);
    expect(y.read()).toEqual(everywhere(rows, columns, stored, (...at) => Math.max(...windowOf(x, ...at))));
    const dx = images(height, width, stored, stored, 0, () => 1);
    call('batchMaxPoolGradient', d.record, dx.record, size, winners, 0, IMAGES);
    const wanted = everywhere(height, width, stored, (image, iy, ix, c) => {
      const [oy, ox] = [Math.floor(iy / size), Math.floor(ix / size)];
      if (oy >= rows || ox >= columns) return 1;
      const window = windowOf(x, image, oy, ox, c);
      const winner = window.indexOf(Math.max(...window));
      return 1 + (winner === (iy % size) * size + (ix % size) ? d.at(image, oy, ox, c) : 0);
    });
    expectNear(dx.read(), wanted);
  });

  it('average, and share the gradient', () => {
    const x = images(height, width, stored, stored, 1, normal);
    const y = images(rows, columns, stored, stored, 0);
    call('batchAveragePool', x.record, y.record, size, size, 0, IMAGES);
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expectNear(
      y.read(),
      everywhere(rows, columns, stored, (...at) => mean(windowOf(x, ...at))),
    );
    if (stored % 4 !== 0) return; // the input's own gradient is never wanted
    const d = images(rows, columns, stored, stored, 0, normal);
    const dx = images(height, width, stored, stored, 0, () => 1);
    call('batchAveragePoolGradient', d.record, dx.record, size, size, 0, IMAGES);
    const wanted = everywhere(height, width, stored, (image, iy, ix, c) => {
      const [oy, ox] = [Math.floor(iy / size), Math.floor(ix / size)];
      return 1 + (oy < rows && ox < columns ? d.at(image, oy, ox, c) / size ** 2 : 0);
    });
    expectNear(dx.read(), wanted);
  });
});
