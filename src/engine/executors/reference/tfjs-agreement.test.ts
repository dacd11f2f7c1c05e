import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { countUpTo, randomData, randomParameters } from '#testing/small-nets.ts';
import { lossAndGradients } from '#engine/executors/reference/step.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { OptimizerSpec } from '#engine/model/plan.ts';
import type { StepProgram } from '#engine/model/program.ts';

const program = buildProgram({ kind: 'cnn-small', filters: [4, 6], dense: [8] }, [12, 12, 3], 3);
const EXAMPLES = 6;
const data = randomData(program, EXAMPLES, 21);
const start = Float32Array.from(randomParameters(program, 22));
const indices = countUpTo(EXAMPLES);

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** The same model written with stock tfjs operations; its variables in the order of program.tensors. */
function stockModel(of: StepProgram): { variables: tf.Variable[]; loss: () => tf.Scalar } {
  const variables = of.tensors.map((t) =>
    tf.variable(tf.tensor(start.slice(t.offset, t.offset + t.size), [...t.shape])),
  );
  const x = tf.tensor4d(data.inputs.data as Float32Array, [EXAMPLES, ...of.input]);
  const oneHot = tf.oneHot(tf.tensor1d([...data.labels], 'int32'), of.classes);
  const [k1, b1, k2, b2, k3, b3, k4, b4] = variables as unknown as tf.Tensor[];
  const loss = (): tf.Scalar => {
    const conv = (input: tf.Tensor4D, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor4D =>
      tf.maxPool(
        tf.relu(tf.add(tf.conv2d(input, kernel as tf.Tensor4D, 1, 'same'), bias)) as tf.Tensor4D,
        2,
        2,
        'valid',
      );
    const features = conv(conv(x, k1!, b1!), k2!, b2!).reshape([EXAMPLES, -1]);
    const hidden = tf.relu(tf.add(tf.matMul(features, k3!), b3!));
    return tf.losses.softmaxCrossEntropy(oneHot, tf.add(tf.matMul(hidden, k4!), b4!)) as tf.Scalar;
  };
  return { variables, loss };
}

describe('stock tfjs', () => {
  it('computes the same loss and gradients by automatic differentiation', () => {
    const { variables, loss } = stockModel(program);
    const { value, grads } = tf.variableGrads(loss, variables);
    const ours = lossAndGradients(program, start, data.inputs, data.labels, indices);
    expect(ours.loss).toBeCloseTo(value.dataSync()[0]!, 4);
    program.tensors.forEach((tensor, i) => {
      const theirs = grads[variables[i]!.name]!.dataSync<'float32'>();
      const largest = theirs.reduce((most, g) => Math.max(most, Math.abs(g)), 0);
      expect(largest).toBeGreaterThan(0);
      theirs.forEach((g, j) => {
        expect(Math.abs(ours.gradients[tensor.offset + j]! - g)).toBeLessThan(1e-4 * largest);
      });
    });
  });

  const optimizers: readonly (readonly [string, OptimizerSpec, number, () => tf.Optimizer])[] = [
    ['SGD with momentum', { kind: 'sgd', momentum: 0.9 }, 0.05, () => tf.train.momentum(0.05, 0.9)],
    [
      'Adam',
      { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      0.003,
      () => tf.train.adam(0.003, 0.9, 0.999, 1e-7),
    ],
  ];
  it.each(optimizers)('takes the same five steps of %s', async (_, optimizer, learningRate, stock) => {
    const { variables, loss } = stockModel(program);
    const stockOptimizer = stock();
    const executor = createReferenceExecutor();
    executor.load(data);
    const chunk = executor.createChunk({ program, members: 1, batchSize: EXAMPLES, optimizer, parameters: start });
    for (let step = 0; step < 5; step++) {
      stockOptimizer.minimize(loss, false, variables);
      chunk.step(indices, Float32Array.of(learningRate));
    }
    const ours = await chunk.parameters();
    let moved = 0;
    program.tensors.forEach((tensor, i) => {
      variables[i]!.dataSync().forEach((theirs, j) => {
        const at = tensor.offset + j;
        moved = Math.max(moved, Math.abs(ours[at]! - start[at]!));
        expect(Math.abs(ours[at]! - theirs)).toBeLessThan(1e-4);
      });
    });
    expect(moved).toBeGreaterThan(0.01);
  });
});
