import { describe, it } from 'vitest';
import { phasesOf, turnedPad, type Axis } from '#engine/executors/simd/whole-batch/axis.ts';
import { stream } from '#lib/random.ts';
import { everywhere, IMAGES, imagesOn, type Images } from '#testing/batch-images.ts';
import { expectNear, kernelBench } from '#testing/kernel-bench.ts';

const bench = kernelBench();
const { call, put, putInts, get, getInts } = bench;
const random = stream(21, 'whole-batch kernels');
const normal = (): number => random.normal();
const images = imagesOn(bench);

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
