import { poolLength, samePadding, shapeSize } from '#engine/model/geometry.ts';
import type { Loss, Op, Shape, StepProgram } from '#engine/model/program.ts';
import { nextBlock, tensorSlots } from '#engine/model/tensor-slots.ts';

/** What the operations have in common; `from` is the last point unless it is given. */
interface Reader {
  readonly from?: number;
}
interface ConvOptions extends Reader {
  readonly filters: number;
  readonly kernel?: number; // 3
  readonly stride?: 1 | 2; // 1
  /** "Same" padding, or none. */
  readonly padding?: 'same' | 'valid'; // same
  readonly relu?: boolean; // false
  readonly bias?: boolean; // true
}

/** Puts operations together as tests need them; each method gives the point behind its operation. */
export interface NetBuilder {
  readonly conv: (options: ConvOptions) => number;
  readonly dense: (units: number, options?: Reader & { readonly relu?: boolean }) => number;
  readonly pool: (kind: 'maxpool' | 'avgpool', size: number, options?: Reader) => number;
  readonly globalPool: (options?: Reader) => number;
  readonly batchNorm: (options?: Reader & { readonly relu?: boolean }) => number;
  readonly add: (other: number, options?: Reader & { readonly relu?: boolean }) => number;
  /** Adds the last dense layer. */
  readonly program: (classes: number, loss?: Loss) => StepProgram;
}

/** A net of any operations for inputs of the given shape. Operations are named after their kind and their place, from 1. */
export function netBuilder(input: Shape): NetBuilder {
  const ops: Op[] = [];
  const shapes: Shape[] = [input];
  let offset = 0;
  const place = (kind: Op['kind'], from = ops.length) => ({
    name: `${kind}${String(ops.length + 1)}`,
    from,
    in: shapes[from]!,
  });
  const push = (op: Op): number => {
    ops.push(op);
    shapes.push(op.out);
    offset = nextBlock(op, offset);
    return ops.length;
  };
  const dense: NetBuilder['dense'] = (units, { from, relu = false } = {}) => {
    const base = place('dense', from);
    const kernelSize = shapeSize(base.in) * units;
    return push({ ...base, kind: 'dense', out: [1, 1, units], relu, offset, kernelSize });
  };
  return {
    conv: ({ from, filters, kernel = 3, stride = 1, padding = 'same', relu = false, bias = true }) => {
      const base = place('conv', from);
      const axis = (length: number): ReturnType<typeof samePadding> =>
        padding === 'same'
          ? samePadding(length, kernel, stride)
          : { out: Math.floor((length - kernel) / stride) + 1, padBefore: 0 };
      const rows = axis(base.in[0]);
      const columns = axis(base.in[1]);
      const kernelSize = kernel * kernel * base.in[2] * filters;
      const out: Shape = [rows.out, columns.out, filters];
      const padded = { padTop: rows.padBefore, padLeft: columns.padBefore };
      const op: Op = { ...base, kind: 'conv', out, kernel, stride, ...padded, relu, bias, offset, kernelSize };
      return push(op);
    },
    dense,
    pool: (kind, size, { from } = {}) => {
      const base = place(kind, from);
      const out: Shape = [poolLength(base.in[0], size), poolLength(base.in[1], size), base.in[2]];
      return push({ ...base, kind, out, size });
    },
    globalPool: ({ from } = {}) => {
      const base = place('global-avgpool', from);
      return push({ ...base, kind: 'global-avgpool', out: [1, 1, base.in[2]] });
    },
    batchNorm: ({ from, relu = false } = {}) => {
      const base = place('batchnorm', from);
      return push({ ...base, kind: 'batchnorm', out: base.in, relu, offset });
    },
    add: (other, { from, relu = false } = {}) => {
      const base = place('add', from);
      return push({ ...base, kind: 'add', other, out: base.in, relu });
    },
    program: (classes, loss = 'softmax') => {
      const outputs = loss === 'logistic' ? 1 : classes;
      dense(outputs);
      return { input, classes, loss, outputs, ops, tensors: tensorSlots(ops), parameterCount: offset };
    },
  };
}
