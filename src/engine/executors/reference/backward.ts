import type { Grid } from '#compression/quantize.ts';
import { avgPoolBackward } from '#engine/executors/reference/avg-pool.ts';
import { batchNormBackward } from '#engine/executors/reference/batch-norm.ts';
import { convBackward } from '#engine/executors/reference/conv.ts';
import { denseBackward } from '#engine/executors/reference/dense.ts';
import { straightThrough } from '#engine/executors/reference/fake-quantization.ts';
import type { ForwardPass } from '#engine/executors/reference/forward.ts';
import { globalAvgPoolBackward } from '#engine/executors/reference/global-avg-pool.ts';
import { maxPoolBackward } from '#engine/executors/reference/max-pool.ts';
import { reluBackward } from '#engine/executors/reference/relu.ts';
import type { StepProgram } from '#engine/model/program.ts';

/**
 * Gradients of the effective weights, [parameterCount], from the gradient of the logits, [example, output], and a forward pass
 * in training with the same parameters and grids. Where a point has several readers, their gradients add up.
 */
export function backward(
  program: StepProgram,
  parameters: Float64Array,
  pass: ForwardPass,
  logitsGradient: Float64Array,
  grids: readonly (Grid | null)[],
): Float64Array {
  const gradients = new Float64Array(program.parameterCount);
  const examples = logitsGradient.length / program.outputs;
  const ofPoints = pass.points.map((values) => new Float64Array(values.length));
  const addTo = (point: number, gradient: Float64Array): void => {
    const sum = ofPoints[point]!;
    gradient.forEach((g, i) => (sum[i]! += g));
  };
  addTo(program.ops.length, logitsGradient);
  for (let index = program.ops.length - 1; index >= 0; index--) {
    const op = program.ops[index]!;
    const x = pass.points[op.from]!;
    const output = pass.unrounded[index + 1]!;
    const grid = grids[index + 1];
    let gradient: Float64Array = ofPoints[index + 1]!;
    if (grid) gradient = straightThrough(output, gradient, grid);
    if ('relu' in op && op.relu) gradient = reluBackward(output, gradient);
    switch (op.kind) {
      case 'conv':
        addTo(op.from, convBackward(op, x, gradient, parameters, gradients, examples));
        break;
      case 'dense':
        addTo(op.from, denseBackward(op, x, gradient, parameters, gradients, examples));
        break;
      case 'maxpool':
        addTo(op.from, maxPoolBackward(pass.traces[index]!.winners!, gradient, x.length));
        break;
      case 'avgpool':
        addTo(op.from, avgPoolBackward(op, gradient, examples));
        break;
      case 'global-avgpool':
        addTo(op.from, globalAvgPoolBackward(op, gradient, examples));
        break;
      case 'batchnorm':
        addTo(op.from, batchNormBackward(op, x, gradient, parameters, gradients, pass.traces[index]!.statistics!));
        break;
      case 'add':
        addTo(op.from, gradient);
        addTo(op.other, gradient);
        break;
      default:
        return op satisfies never;
    }
  }
  return gradients;
}
