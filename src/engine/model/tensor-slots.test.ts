import { describe, expect, it } from 'vitest';
import { tensorSlots } from '#engine/model/tensor-slots.ts';
import { oddConvProgram, residualProgram, SMALL_PROGRAMS } from '#testing/small-nets.ts';

describe('tensorSlots', () => {
  it('lists kernels and biases by hand', () => {
    const slots = tensorSlots(oddConvProgram().ops);
    expect(slots.map((t) => [t.name, t.kind, t.offset, t.shape, t.fanIn, t.prunable])).toEqual([
      ['conv1/kernel', 'conv-kernel', 0, [3, 3, 3, 5], 27, true],
      ['conv1/bias', 'bias', 135, [5], 27, false],
      ['conv3/kernel', 'conv-kernel', 140, [2, 2, 5, 6], 20, true],
      ['conv3/bias', 'bias', 260, [6], 20, false],
      ['dense4/kernel', 'dense-kernel', 268, [24, 7], 24, true],
      ['dense4/bias', 'bias', 436, [7], 24, false],
      ['dense5/kernel', 'dense-kernel', 444, [7, 3], 7, false],
      ['dense5/bias', 'bias', 465, [3], 7, false],
    ]);
  });

  it('lists the four vectors of batch norm, and no bias of a convolution without one', () => {
    const slots = tensorSlots(residualProgram().ops.slice(0, 2));
    expect(slots.map((t) => [t.name, t.kind, t.offset, t.size])).toEqual([
      ['conv1/kernel', 'conv-kernel', 0, 135],
      ['batchnorm2/scale', 'bn-scale', 136, 5],
      ['batchnorm2/shift', 'bn-shift', 141, 5],
      ['batchnorm2/mean', 'bn-mean', 146, 5],
      ['batchnorm2/variance', 'bn-variance', 151, 5],
    ]);
    expect(slots[1]).toMatchObject({ shape: [5], fanIn: 1, prunable: false });
  });

  it.each(SMALL_PROGRAMS)('starts blocks at multiples of four and never overlaps: %s', (_, program) => {
    let end = 0;
    for (const { offset, size, shape } of program.tensors) {
      expect(offset === end || (offset > end && offset % 4 === 0 && offset - end < 4)).toBe(true);
      expect(shape.reduce((product, length) => product * length, 1)).toBe(size);
      end = offset + size;
    }
    for (const op of program.ops) if ('offset' in op) expect(op.offset % 4).toBe(0);
    expect(program.parameterCount).toBe(Math.ceil(end / 4) * 4);
  });
});
