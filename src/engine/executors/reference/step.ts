import type { Inputs } from '#engine/executors/executor.ts';
import { backward } from '#engine/executors/reference/backward.ts';
import type { MemberFakeQuantization } from '#engine/executors/reference/fake-quantization.ts';
import { gridOfRange, withRoundedKernels } from '#engine/executors/reference/fake-quantization.ts';
import type { ForwardPass } from '#engine/executors/reference/forward.ts';
import { forward } from '#engine/executors/reference/forward.ts';
import { readInputs } from '#engine/executors/reference/inputs.ts';
import type { BatchTeacher } from '#engine/executors/reference/loss.ts';
import { lossAndGradient } from '#engine/executors/reference/loss.ts';
import type { StepProgram } from '#engine/model/program.ts';

/** What a step may have besides examples. */
export interface StepOptions {
  /** Packed views, [batch]. */
  readonly views?: Int32Array | null;
  /** `logits` of one member's teacher for all the data, [example, output]. */
  readonly teacher?: { readonly temperature: number; readonly weight: number; readonly logits: Float32Array } | null;
  readonly fake?: MemberFakeQuantization | null;
}

export interface StepGradients {
  readonly loss: number;
  /** Of the effective weights, [parameterCount]; 0 for running statistics and gaps. */
  readonly gradients: Float64Array;
  /** The forward pass, whose statistics and values move what is running. */
  readonly pass: ForwardPass;
}

/**
 * Mean loss of one member over the given examples and its gradient, in float64.
 * parameters: effective weights (raw weight x mask), [parameterCount]; labels [example] of the whole data; indices [batch],
 * at least one. What other executors' gradients are checked against.
 */
export function lossAndGradients(
  program: StepProgram,
  parameters: Float32Array | Float64Array,
  inputs: Inputs,
  labels: Uint16Array,
  indices: Int32Array,
  { views = null, teacher = null, fake = null }: StepOptions = {},
): StepGradients {
  if (indices.length === 0) throw new RangeError('A batch needs at least one example.');
  const raw = Float64Array.from(parameters);
  const weights = fake ? withRoundedKernels(program, raw) : raw;
  const grids = fake ? fake.points.map((marked, point) => (marked ? gridOfRange(fake.ranges, point) : null)) : [];
  const input = readInputs(inputs, program.input, indices, views);
  const pass = forward(program, weights, input, { training: true, grids });
  const batchLabels = Uint16Array.from(indices, (example) => labels[example]!);
  const batchTeacher: BatchTeacher | null = teacher && {
    ...teacher,
    logits: rowsOf(teacher.logits, program.outputs, indices),
  };
  const { loss, gradient } = lossAndGradient(program.loss, pass.points.at(-1)!, batchLabels, batchTeacher);
  return { loss, gradients: backward(program, weights, pass, gradient, grids), pass };
}

function rowsOf(all: Float32Array, size: number, rows: Int32Array): Float64Array {
  return Float64Array.from(
    { length: rows.length * size },
    (_, i) => all[rows[Math.floor(i / size)]! * size + (i % size)]!,
  );
}
