import type { Grid } from '#compression/quantize.ts';
import { addForward } from '#engine/executors/reference/add.ts';
import { avgPoolForward } from '#engine/executors/reference/avg-pool.ts';
import type { Statistics } from '#engine/executors/reference/batch-norm.ts';
import { batchNormForward, batchStatistics, runningStatistics } from '#engine/executors/reference/batch-norm.ts';
import { convForward } from '#engine/executors/reference/conv.ts';
import { denseForward } from '#engine/executors/reference/dense.ts';
import { globalAvgPoolForward } from '#engine/executors/reference/global-avg-pool.ts';
import { maxPoolForward } from '#engine/executors/reference/max-pool.ts';
import { quantizeDynamic, quantizeFixed } from '#engine/executors/reference/quantize.ts';
import { relu } from '#engine/executors/reference/relu.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { Op, StepProgram } from '#engine/model/program.ts';

/** How one member runs forward. */
export interface ForwardMode {
  /** Batch norm by the statistics of the batch instead of the running ones. */
  readonly training: boolean;
  /** Grids to which values are rounded, [point]; null leaves a point alone. */
  readonly grids?: readonly (Grid | null)[];
  /** Ops that round their input per example, [op]. */
  readonly dynamic?: readonly boolean[];
}

export const PLAIN_PREDICTION: ForwardMode = { training: false };

export interface ForwardPass {
  /** What is read at each point, [point][example, ...shape]. */
  readonly points: readonly Float64Array[];
  /** The same before rounding to grids. */
  readonly unrounded: readonly Float64Array[];
  /** What the backward pass needs besides, [op]. */
  readonly traces: readonly Trace[];
}

/** The winners of a max pool, or the batch's statistics of a batch norm. */
export interface Trace {
  readonly winners?: Int32Array;
  readonly statistics?: Statistics;
}

/** Runs one member forward. parameters: effective weights [parameterCount]; input [example, ...program.input]. */
export function forward(
  program: StepProgram,
  parameters: Float64Array,
  input: Float64Array,
  mode: ForwardMode,
): ForwardPass {
  const examples = input.length / shapeSize(program.input);
  const points: Float64Array[] = [];
  const unrounded: Float64Array[] = [];
  const traces: Trace[] = [];
  const push = (values: Float64Array): void => {
    const grid = mode.grids?.[points.length];
    unrounded.push(values);
    points.push(grid ? quantizeFixed(values, grid) : values);
  };
  push(input);
  program.ops.forEach((op, index) => {
    const read = points[op.from]!;
    const x = mode.dynamic?.[index] === true ? quantizeDynamic(read, examples) : read;
    const { output, ...trace } = run(op, x, points, parameters, examples, mode.training);
    if ('relu' in op && op.relu) relu(output);
    push(output);
    traces.push(trace);
  });
  return { points, unrounded, traces };
}

function run(
  op: Op,
  x: Float64Array,
  points: readonly Float64Array[],
  parameters: Float64Array,
  examples: number,
  training: boolean,
): Trace & { readonly output: Float64Array } {
  switch (op.kind) {
    case 'conv':
      return { output: convForward(op, x, parameters, examples) };
    case 'dense':
      return { output: denseForward(op, x, parameters, examples) };
    case 'maxpool':
      return maxPoolForward(op, x, examples);
    case 'avgpool':
      return { output: avgPoolForward(op, x, examples) };
    case 'global-avgpool':
      return { output: globalAvgPoolForward(op, x, examples) };
    case 'batchnorm': {
      const statistics = training ? batchStatistics(op, x) : runningStatistics(op, parameters);
      return { output: batchNormForward(op, x, parameters, statistics), statistics };
    }
    case 'add':
      return { output: addForward(x, points[op.other]!) };
    default:
      return op satisfies never;
  }
}
