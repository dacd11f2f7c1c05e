import { describe, expect, it } from 'vitest';
import { layoutOf, packParameters, packRows, unpackParameters, unpackRows } from '#engine/executors/gpu/layout.ts';
import { membersThatFit } from '#engine/executors/gpu/limits.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { oddConvProgram, randomParameters, residualProgram, SMALL_PROGRAMS } from '#testing/small-nets.ts';

describe('the layout on a GPU', () => {
  it('pads every row of filters to whole quads and puts the bias after the kernel', () => {
    const program = buildProgram({ kind: 'mlp', hidden: [] }, [1, 1, 2], 3);
    const packed = packParameters(program, layoutOf(program), Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0));
    expect([...packed]).toEqual([1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0]);
  });

  for (const [title, program] of SMALL_PROGRAMS)
    it(`gives back what it packed, for every member: ${title}`, () => {
      const layout = layoutOf(program);
      const parameters = Float32Array.from([...randomParameters(program, 1), ...randomParameters(program, 2)]);
      const packed = packParameters(program, layout, parameters);
      expect(packed).toHaveLength(2 * layout.quads * 4);
      expect(unpackParameters(program, layout, packed)).toEqual(parameters);
    });

  it('finds the batch norm that an addition can take into its own pass, and the other side', () => {
    const layout = layoutOf(residualProgram());
    const additions = layout.layers.filter((layer) => layer.kind === 'add');
    // points: stem 2, its block's second norm 6, addition 7; the shortcut's norm 9, the other's 13
    expect(additions.map((layer) => layer.normalized)).toEqual([
      { op: 5, residual: 2 },
      { op: 12, residual: 9 },
    ]);
    expect(layout.readers.slice(0, 8)).toEqual([1, 1, 2, 1, 1, 1, 1, 2]);
    expect(layout.trained.slice(0, 2)).toEqual([false, true]);
  });

  it('refuses an operation that nothing reads', () => {
    const program = oddConvProgram();
    const ops = program.ops.map((op, i) => (i === 2 ? { ...op, from: 0 } : op));
    expect(() => layoutOf({ ...program, ops })).toThrow(/reads what maxpool2/);
  });

  it('takes a dense layer as one vector if channels fill their quads, else as a kernel as large as the image', () => {
    const [conv, , dense] = layoutOf(buildProgram({ kind: 'cnn-small', filters: [4], dense: [] }, [4, 6, 1], 2)).layers;
    expect(conv).toMatchObject({ geometry: { height: 4, width: 6, kernelHeight: 3, padTop: 1 } });
    expect(dense).toMatchObject({ geometry: { height: 1, width: 1, channels: 24, kernelHeight: 1 } });
    const odd = layoutOf(oddConvProgram()).layers[3];
    expect(odd).toMatchObject({ geometry: { height: 2, width: 2, channels: 6, kernelHeight: 2, kernelWidth: 2 } });
  });

  it('drops pad lanes of activations, and puts them back', () => {
    expect([...packRows(Float32Array.of(1, 2, 3, 4), 2)]).toEqual([1, 2, 0, 0, 3, 4, 0, 0]);
    expect([...unpackRows(Float32Array.of(1, 2, 0, 0, 3, 4, 0, 0), 2)]).toEqual([1, 2, 3, 4]);
  });
});

describe('the room of a device', () => {
  const program = buildProgram({ kind: 'mlp', hidden: [8] }, [1, 1, 4], 2);
  // Widest array: the state, 4 slots of (4 + 1) x 2 + (8 + 1) x 1 = 19 quads.
  it('is bounded by the widest array', () => {
    expect(membersThatFit(program, 1, 1, { arrayQuads: 760, budgetBytes: 1e9 })).toBe(9);
  });

  it('is bounded by the budget, and may be none', () => {
    const quads = 1 + 2 + 1 + 3 * 2 + 2 * 76 + 19 + 1;
    expect(membersThatFit(program, 1, 1, { arrayQuads: 1e9, budgetBytes: quads * 16 * 5 })).toBe(5);
    expect(membersThatFit(program, 1, 1, { arrayQuads: 1e9, budgetBytes: 100 })).toBe(0);
  });

  it('is bounded by the time of a dispatch, but never below one member', () => {
    const limits = { arrayQuads: 1e12, budgetBytes: 1e15 };
    // dense1 makes 4 x 8 products an example
    expect(membersThatFit(program, 2 ** 20, 1, limits)).toBe(Math.floor(5e9 / (32 * 2 ** 20)));
    expect(membersThatFit(program, 2 ** 28, 1, limits)).toBe(1);
  });
});
