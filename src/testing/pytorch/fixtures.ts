import type { TrainingData } from '#engine/executors/executor.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { ModelSpec, OptimizerSpec } from '#engine/model/plan.ts';
import type { Loss, Shape, StepProgram } from '#engine/model/program.ts';
import cnnAdam from './fixtures/cnn-adam.json';
import cnnSgd from './fixtures/cnn-sgd.json';
import mlpLogistic from './fixtures/mlp-logistic.json';
import resnetSgd from './fixtures/resnet-sgd.json';

/** What PyTorch computed in float64 for one model; made by make-fixtures.py. */
export interface PyTorchFixture {
  readonly name: string;
  readonly program: StepProgram;
  readonly data: TrainingData;
  readonly optimizer: OptimizerSpec;
  readonly learningRate: number;
  /** Examples of each step, [step][batch]. */
  readonly batches: readonly Int32Array[];
  /** To begin with, [parameterCount]; exact in float32. */
  readonly parameters: Float32Array;
  /** Mean loss of each step without what weight decay adds, [step]. */
  readonly losses: readonly number[];
  /** Of the first step, without weight decay, [parameterCount]. */
  readonly gradients: readonly number[];
  /** Parameters after all steps, running statistics among them, [parameterCount]. */
  readonly after: readonly number[];
  /** Of all examples at prediction after all steps, [example, output]. */
  readonly logits: readonly number[];
}

/** A fixture as it stands in its file, with the names of buildProgram, TrainingData and OptimizerSpec. */
interface FixtureFile {
  readonly name: string;
  readonly model: ModelSpec;
  readonly loss: Loss;
  readonly input: Shape;
  readonly classes: number;
  readonly optimizer: OptimizerSpec;
  readonly learningRate: number;
  readonly inputs: { readonly kind: 'bytes' | 'floats'; readonly data: readonly number[] };
  readonly labels: readonly number[];
  readonly batches: readonly (readonly number[])[];
  readonly parameters: readonly number[];
  readonly losses: readonly number[];
  readonly gradients: readonly number[];
  readonly after: readonly number[];
  readonly logits: readonly number[];
}

/** cnn-small with SGD and with Adam, an mlp with the logistic loss, resnet-8 with batch norm. */
export const PYTORCH_FIXTURES: readonly PyTorchFixture[] = [cnnSgd, cnnAdam, mlpLogistic, resnetSgd].map((json) => {
  const file = json as unknown as FixtureFile;
  const { kind, data } = file.inputs;
  return {
    ...file,
    program: buildProgram(file.model, file.input, file.classes, file.loss),
    data: {
      inputs: kind === 'bytes' ? { kind, data: Uint8Array.from(data) } : { kind, data: Float32Array.from(data) },
      labels: Uint16Array.from(file.labels),
      examples: file.labels.length,
    },
    batches: file.batches.map((batch) => Int32Array.from(batch)),
    parameters: Float32Array.from(file.parameters),
  };
});
