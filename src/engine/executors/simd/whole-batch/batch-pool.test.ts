import { describe, expect, it } from 'vitest';
import { stream } from '#lib/random.ts';
import { everywhere, IMAGES, imagesOn, type Images } from '#testing/batch-images.ts';
import { expectNear, kernelBench } from '#testing/kernel-bench.ts';

const bench = kernelBench();
const { call, putInts } = bench;
const random = stream(21, 'whole-batch kernels');
const normal = (): number => random.normal();
const images = imagesOn(bench);

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
