import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { initialParameters } from '#engine/model/initial.ts';
import { memberProgram } from '#engine/model/member-program.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { Shape } from '#engine/model/program.ts';
import { tfjsModel } from '#engine/model/tfjs-model.ts';
import { stream } from '#lib/random.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const EXAMPLES = 12;

interface Case {
  readonly what: string;
  readonly plan: Pick<Plan, 'model' | 'loss'>;
  readonly input: Shape;
  readonly folded?: boolean;
}

const CASES: readonly Case[] = [
  { what: 'cnn-small', plan: { model: { kind: 'cnn-small', filters: [3, 4], dense: [5] } }, input: [9, 7, 3] },
  { what: 'an MLP of a table', plan: { model: { kind: 'mlp', hidden: [6, 5] }, loss: 'logistic' }, input: [1, 1, 7] },
  { what: 'an MLP of images', plan: { model: { kind: 'mlp', hidden: [6] } }, input: [4, 5, 2] },
  {
    what: 'resnet-8 with batch norm and shortcuts',
    plan: { model: { kind: 'resnet-8', filters: [3, 4, 5], blocks: 1 } },
    input: [9, 8, 3],
  },
  {
    what: 'resnet-8 with batch norm folded',
    plan: { model: { kind: 'resnet-8', filters: [3, 4], blocks: 2 } },
    input: [8, 8, 1],
    folded: true,
  },
];

describe('a tfjs layers model', () => {
  it.each(CASES)('gives in stock TensorFlow.js what the program gives: $what', async ({ plan, input, folded }) => {
    const spec = folded === true ? ({ kind: 'fixed-int8', calibration: 1 } as const) : ({ kind: 'baseline' } as const);
    const program = memberProgram(plan, { input, classes: 2 }, spec);
    const random = stream(4, 'tfjs-model');
    const parameters = initialParameters(program, 3, 0);
    for (const { kind, offset, size } of program.tensors) {
      if (kind.endsWith('kernel')) continue;
      for (let i = 0; i < size; i++) parameters[offset + i] = 0.5 + random.next(); // variances are above 0
    }
    const size = input[0] * input[1] * input[2];
    const data = Float32Array.from({ length: EXAMPLES * size }, () => 2 * random.next() - 1);
    const executor = createReferenceExecutor();
    executor.load({ inputs: { kind: 'floats', data }, labels: new Uint16Array(EXAMPLES), examples: EXAMPLES });
    const chunk = executor.createChunk({
      program,
      members: 1,
      batchSize: EXAMPLES,
      optimizer: { kind: 'sgd', momentum: 0 },
      parameters,
    });
    const logits = await chunk.logits(
      Int32Array.from({ length: EXAMPLES }, (_, i) => i),
      { kind: 'none' },
    );

    const { modelJson, weights } = tfjsModel(program, parameters, { name: 'm', metadata: { classes: ['a', 'b'] } });
    const { modelTopology, weightsManifest, userDefinedMetadata } = JSON.parse(modelJson) as tf.io.ModelJSON;
    const weightSpecs = weightsManifest.flatMap((group) => group.weights);
    const artifacts = { modelTopology: modelTopology as object, weightSpecs, weightData: weights.buffer };
    const model = await tf.loadLayersModel(
      tf.io.fromMemory({ ...artifacts, userDefinedMetadata: userDefinedMetadata! }),
    );
    expect(model.getUserDefinedMetadata()).toEqual({ classes: ['a', 'b'] });
    const shape = program.ops[0]!.kind === 'dense' && input[0] === 1 ? [input[2]] : input;
    const output = model.predict(tf.tensor(data, [EXAMPLES, ...shape])) as tf.Tensor;
    const given = await output.data();
    const expected =
      program.loss === 'logistic'
        ? logits.map((logit) => 1 / (1 + Math.exp(-logit)))
        : logits.map((logit, i) => 1 / (1 + Math.exp(logits[i % 2 === 0 ? i + 1 : i - 1]! - logit)));
    expect(given).toHaveLength(expected.length);
    expect(new Set(given).size).toBeGreaterThan(EXAMPLES / 2);
    given.forEach((probability, i) => {
      expect(probability).toBeCloseTo(expected[i]!, 5);
    });
    model.dispose();
  });
});
