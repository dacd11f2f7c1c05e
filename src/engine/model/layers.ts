import { poolLength, samePadding, shapeSize } from '#engine/model/geometry.ts';
import type { ModelSpec } from '#engine/model/plan.ts';
import type { Loss, Op, Shape, StepProgram } from '#engine/model/program.ts';
import { nextBlock, tensorSlots } from '#engine/model/tensor-slots.ts';

const CONV_KERNEL = 3;
const POOL_SIZE = 2;

/**
 * The step program of a model for inputs of the given shape ([height, width, channels]; a vector of n is [1, 1, n]).
 * `cnn-small`: per entry of `filters` a 3x3 convolution ("same" padding, relu) and a 2x2 max pool, then dense layers with
 * relu; `mlp`: the dense layers only; `resnet-8`: as in plan.ts, residual blocks after He et al. (2016) with a 1x1 convolution
 * and batch norm on the shortcut where the shape changes. The last layer is dense without relu and has one output a class, or
 * one in all for the logistic loss. Throws where a length is not a whole number from 1, an image is too small for the pools,
 * or the logistic loss has not two classes.
 */
export function buildProgram(model: ModelSpec, input: Shape, classes: number, loss: Loss = 'softmax'): StepProgram {
  for (const length of input) requireCount('input length', length);
  requireCount('number of classes', classes);
  if (loss === 'logistic' && classes !== 2)
    throw new RangeError(`The logistic loss needs two classes, not ${String(classes)}.`);
  const outputs = loss === 'logistic' ? 1 : classes;
  const net = network(input);
  switch (model.kind) {
    case 'cnn-small':
      model.filters.forEach((filters, i) => {
        net.conv(`conv${String(i + 1)}`, net.end(), { filters, stride: 1, relu: true, bias: true });
        net.maxPool(`pool${String(i + 1)}`);
      });
      break;
    case 'resnet-8':
      residualStages(net, model.filters, model.blocks);
      break;
    case 'mlp':
      break;
    default:
      return model satisfies never;
  }
  const hidden = model.kind === 'resnet-8' ? [] : model.kind === 'mlp' ? model.hidden : model.dense;
  [...hidden, outputs].forEach((units, i) => {
    net.dense(`dense${String(i + 1)}`, units, i < hidden.length);
  });
  const { ops, parameterCount } = net.build();
  return { input, classes, loss, outputs, ops, tensors: tensorSlots(ops), parameterCount };
}

function residualStages(net: Network, filters: readonly number[], blocks: number): void {
  requireCount('blocks of a stage', blocks);
  requireCount('stages', filters.length);
  normalized(net, 'stem', net.end(), { filters: filters[0]!, stride: 1, relu: true });
  filters.forEach((width, stage) => {
    for (let block = 0; block < blocks; block++) {
      const name = `stage${String(stage + 1)}.block${String(block + 1)}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const entry = net.end();
      const straight = net.shapeOf(entry)[2] === width && stride === 1;
      const shortcut = straight
        ? entry
        : normalized(net, `${name}.shortcut`, entry, { filters: width, stride, relu: false, kernel: 1 });
      const inner = normalized(net, `${name}.1`, entry, { filters: width, stride, relu: true });
      normalized(net, `${name}.2`, inner, { filters: width, stride: 1, relu: false });
      net.add(`${name}.add`, shortcut);
    }
  });
  net.globalPool('pool');
}

interface ConvOptions {
  readonly filters: number;
  readonly stride: 1 | 2;
  readonly relu: boolean;
  readonly kernel?: number;
}

/** A convolution without bias and its batch norm; gives the point behind them. */
function normalized(net: Network, name: string, from: number, options: ConvOptions): number {
  net.conv(`${name}.conv`, from, { ...options, relu: false, bias: false });
  return net.batchNorm(`${name}.bn`, options.relu);
}

interface Network {
  /** The last point. */
  readonly end: () => number;
  readonly shapeOf: (point: number) => Shape;
  readonly conv: (name: string, from: number, options: ConvOptions & { readonly bias: boolean }) => number;
  readonly batchNorm: (name: string, relu: boolean) => number;
  readonly maxPool: (name: string) => number;
  readonly globalPool: (name: string) => number;
  /** Adds the last point to `other`, with relu. */
  readonly add: (name: string, other: number) => number;
  readonly dense: (name: string, units: number, relu: boolean) => number;
  readonly build: () => { readonly ops: readonly Op[]; readonly parameterCount: number };
}

/** Puts operations one behind the other and their parameters into one vector; each gives the point behind it. */
function network(input: Shape): Network {
  const ops: Op[] = [];
  const shapes = [input];
  let offset = 0;
  const end = (): number => ops.length;
  const push = (op: Op): number => {
    ops.push(op);
    shapes.push(op.out);
    offset = nextBlock(op, offset);
    return end();
  };
  return {
    end,
    shapeOf: (point) => shapes[point]!,
    conv: (name, from, { filters, stride, relu, bias, kernel = CONV_KERNEL }) => {
      requireCount(`filters of ${name}`, filters);
      const shape = shapes[from]!;
      const rows = samePadding(shape[0], kernel, stride);
      const columns = samePadding(shape[1], kernel, stride);
      const kernelSize = kernel * kernel * shape[2] * filters;
      const out: Shape = [rows.out, columns.out, filters];
      const place = { padTop: rows.padBefore, padLeft: columns.padBefore, relu, bias, offset, kernelSize };
      return push({ kind: 'conv', name, from, in: shape, out, kernel, stride, ...place });
    },
    batchNorm: (name, relu) => {
      const shape = shapes[end()]!;
      return push({ kind: 'batchnorm', name, from: end(), in: shape, out: shape, relu, offset });
    },
    maxPool: (name) => {
      const shape = shapes[end()]!;
      const out: Shape = [poolLength(shape[0], POOL_SIZE), poolLength(shape[1], POOL_SIZE), shape[2]];
      if (out[0] < 1 || out[1] < 1) {
        const size = `${String(shape[1])}x${String(shape[0])}`;
        throw new RangeError(`${name} has nothing to pool: its input is ${size} pixels. Use fewer convolutions.`);
      }
      return push({ kind: 'maxpool', name, from: end(), in: shape, out, size: POOL_SIZE });
    },
    globalPool: (name) => {
      const shape = shapes[end()]!;
      return push({ kind: 'global-avgpool', name, from: end(), in: shape, out: [1, 1, shape[2]] });
    },
    add: (name, other) => {
      const shape = shapes[end()]!;
      return push({ kind: 'add', name, from: end(), other, in: shape, out: shape, relu: true });
    },
    dense: (name, units, relu) => {
      requireCount(`units of ${name}`, units);
      const shape = shapes[end()]!;
      const kernelSize = shapeSize(shape) * units;
      const out: Shape = [1, 1, units];
      return push({ kind: 'dense', name, from: end(), in: shape, out, relu, offset, kernelSize });
    },
    build: () => ({ ops, parameterCount: offset }),
  };
}

function requireCount(what: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`The ${what} must be a whole number from 1, not ${String(value)}.`);
}
