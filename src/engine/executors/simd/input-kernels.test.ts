import { describe, expect, it } from 'vitest';
import { packView, unpackView, type View } from '#engine/model/augmentation.ts';
import { stream } from '#lib/random.ts';
import { expectNear, kernelBench } from '#testing/kernel-bench.ts';

const { call, put, putBytes, get } = kernelBench();
const random = stream(14, 'kernels');
const clamp = (x: number, length: number): number => Math.min(Math.max(x, 0), length - 1);

describe('input kernels', () => {
  it('read bytes of rows of any length into a bordered image', () => {
    for (const row of [1, 3, 8, 13, 24]) {
      const bytes = Uint8Array.from({ length: 2 * row }, () => random.int(256));
      const stride = (row + 5) * 4;
      const to = put(new Float32Array(2 * (row + 5)).fill(9));
      call('readBytes', putBytes(bytes), to, stride, 2, row);
      for (const y of [0, 1]) {
        const wanted = [...bytes.subarray(y * row, (y + 1) * row)].map((byte) => byte / 127.5 - 1);
        expectNear(get(to + y * stride, row), wanted);
        expect(get(to + y * stride + row * 4, 5)).toEqual([9, 9, 9, 9, 9]);
      }
    }
  });

  const MOVES = [-127, -9, -3, -1, 0, 1, 2, 7, 127];
  const VIEWS: readonly View[] = MOVES.flatMap((move, i) =>
    [false, true].map((flip) => ({ flip, down: move, right: MOVES[(i * 4 + 3) % MOVES.length]! })),
  );

  it.each([
    { height: 5, width: 7, channels: 3 },
    { height: 3, width: 8, channels: 1 },
    { height: 1, width: 1, channels: 4 },
    { height: 1, width: 6, channels: 2 },
  ])('read views of %o, bytes and floats', ({ height, width, channels }) => {
    const size = height * width * channels;
    const bytes = Uint8Array.from({ length: size }, () => random.int(256));
    const values = Float32Array.from(bytes, (byte) => byte / 127.5 - 1);
    const scratch = put(new Float32Array(width * channels));
    const outRow = (width * channels + 2) * 4;
    for (const view of VIEWS) {
      const packed = packView(view);
      expect(unpackView(packed)).toEqual(view);
      const wanted = Array.from({ length: height }, (_, y) => {
        const row = Array.from({ length: width }, (__, x) => {
          const column = clamp(x - view.right, width);
          const at = (clamp(y - view.down, height) * width + (view.flip ? width - 1 - column : column)) * channels;
          return [...values.subarray(at, at + channels)];
        });
        return [...row.flat(), 9, 9];
      });
      for (const [kind, from] of [putBytes(bytes), put(values)].entries()) {
        const to = put(new Float32Array((height * outRow) / 4).fill(9));
        call('readView', from, kind, packed, to, outRow, height, width, channels, scratch);
        expectNear(get(to, (height * outRow) / 4), wanted.flat());
      }
    }
  });
});
