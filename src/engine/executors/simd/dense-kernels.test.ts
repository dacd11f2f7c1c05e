import { describe, expect, it } from 'vitest';
import { stream } from '#lib/random.ts';
import { expectNear, grid, kernelBench } from '#testing/kernel-bench.ts';

const { call, put, get } = kernelBench();
const random = stream(11, 'kernels');
const normals = (count: number): Float32Array => Float32Array.from({ length: count }, random.normal);

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
          expectNear(get(at + row * stride, units), wanted);
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
    expectNear(get(at, inner * stored), wanted);
    const sums = put(new Float32Array(stored).fill(1));
    call('columnSums', put(d), stored * 4, sums, rows, stored);
    const column = (unit: number): number => d.filter((_, i) => i % stored === unit).reduce((sum, x) => sum + x, 1);
    expectNear(
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
