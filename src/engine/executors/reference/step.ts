import type { Inputs } from '#engine/executors/executor.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { convBackward, convForward } from '#engine/executors/reference/conv.ts';
import { denseBackward, denseForward } from '#engine/executors/reference/dense.ts';
import { readInputs } from '#engine/executors/reference/inputs.ts';
import { maxPoolBackward, maxPoolForward } from '#engine/executors/reference/max-pool.ts';
import { quantizeDynamic, quantizeFixed } from '#engine/executors/reference/quantize.ts';
import { reluBackward } from '#engine/executors/reference/relu.ts';
import { softmaxCrossEntropy } from '#engine/executors/reference/softmax.ts';

/** Quantization of one member's activations; as ActivationQuantization, which holds those of all members. */
export type MemberQuantization =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'fixed';
      readonly points: readonly ({ readonly scale: number; readonly zeroPoint: number } | null)[];
    }
  | { readonly kind: 'dynamic'; readonly ops: readonly boolean[] };

export interface ForwardPass {
  /** Point 0 is the input, i + 1 the output of op i; [point][example, ...shape]. */
  readonly points: readonly Float64Array[];
  /** Per op the winners of a max pool, else null. */
  readonly winners: readonly (Int32Array | null)[];
}

/** Runs one member forward. parameters: effective weights [parameterCount]; input [example, ...program.input] (changed in place where point 0 is quantized). */
export function forward(
  program: StepProgram,
  parameters: Float64Array,
  input: Float64Array,
  quantization: MemberQuantization,
): ForwardPass {
  const examples = input.length / shapeSize(program.input);
  const points = [input];
  const winners: (Int32Array | null)[] = [];
  const quantizePoint = (point: number): void => {
    const q = quantization.kind === 'fixed' ? quantization.points[point] : null;
    if (q) quantizeFixed(points[point]!, q.scale, q.zeroPoint);
  };
  quantizePoint(0);
  program.ops.forEach((op, index) => {
    const previous = points[index]!;
    const dynamic = quantization.kind === 'dynamic' && quantization.ops[index] === true;
    const x = dynamic ? quantizeDynamic(previous, examples) : previous;
    if (op.kind === 'maxpool') {
      const pooled = maxPoolForward(op, x, examples);
      points.push(pooled.output);
      winners.push(pooled.winners);
    } else {
      points.push(
        op.kind === 'conv' ? convForward(op, x, parameters, examples) : denseForward(op, x, parameters, examples),
      );
      winners.push(null);
    }
    quantizePoint(index + 1);
  });
  return { points, winners };
}

/** Gradients of the effective parameters, [parameterCount], from the gradient of the logits, [example, class]. */
function backward(
  program: StepProgram,
  parameters: Float64Array,
  pass: ForwardPass,
  logitsGradient: Float64Array,
): Float64Array {
  const gradients = new Float64Array(program.parameterCount);
  const examples = logitsGradient.length / program.classes;
  let gradient = logitsGradient;
  for (let index = program.ops.length - 1; index >= 0; index--) {
    const op = program.ops[index]!;
    const input = pass.points[index]!;
    if (op.kind === 'maxpool') {
      gradient = maxPoolBackward(pass.winners[index]!, gradient, input.length);
      continue;
    }
    if (op.relu) gradient = reluBackward(pass.points[index + 1]!, gradient);
    gradient =
      op.kind === 'conv'
        ? convBackward(op, input, gradient, parameters, gradients, examples)
        : denseBackward(op, input, gradient, parameters, gradients, examples);
  }
  return gradients;
}

/**
 * Mean softmax cross-entropy of one member over the given examples and its gradient, [parameterCount], in float64.
 * parameters: effective weights (raw weight x mask), [parameterCount]; labels [example] of the whole data; indices [batch],
 * at least one. What other executors' gradients are checked against.
 */
export function lossAndGradients(
  program: StepProgram,
  parameters: Float32Array | Float64Array,
  inputs: Inputs,
  labels: Uint16Array,
  indices: Int32Array,
): { readonly loss: number; readonly gradients: Float64Array } {
  if (indices.length === 0) throw new RangeError('A batch needs at least one example.');
  const weights = Float64Array.from(parameters);
  const pass = forward(program, weights, readInputs(inputs, shapeSize(program.input), indices), { kind: 'none' });
  const batchLabels = Uint16Array.from(indices, (example) => labels[example]!);
  const { loss, gradient } = softmaxCrossEntropy(pass.points.at(-1)!, batchLabels, program.classes);
  return { loss, gradients: backward(program, weights, pass, gradient) };
}
