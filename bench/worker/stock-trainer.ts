import * as tf from '@tensorflow/tfjs';
import type { StepProgram } from '#engine/model/program.ts';
import type { Task } from '../run/host.ts';
import { LEARNING_RATE, programOf } from '../run/workload.ts';
import { deviceBytes } from './executor-trainer.ts';
import type { Trainer } from './trainer.ts';

/**
 * tfjs as its users train with it: a layers model of the same network, `trainOnBatch` with one batch that stays on the device.
 * Rejects where tfjs cannot start the backend.
 */
export async function stockTrainer({ workload, backend = 'cpu' }: Task): Promise<Trainer> {
  if (backend === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu');
  tf.env().set('SOFTWARE_WEBGL_ENABLED', true);
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs cannot start ${backend} here`);
  await tf.ready();
  const { batch } = workload;
  const program = programOf(workload);
  const [height, width, channels] = program.input;
  const shape = height === 1 && width === 1 ? [batch, channels] : [batch, height, width, channels];
  const x = tf.randomNormal(shape);
  const y = tf.tensor2d(
    Float32Array.from({ length: batch }, (_, i) => i % 2),
    [batch, 1],
  );
  let model: tf.LayersModel | null = null;
  return {
    detail: `tfjs ${tf.version.tfjs}, ${backend}`,
    software: false,
    start: () => {
      model = stockModel(program);
      model.compile({
        optimizer:
          workload.optimizer === 'sgd'
            ? tf.train.momentum(LEARNING_RATE, 0.9)
            : tf.train.adam(LEARNING_RATE, 0.9, 0.999, 1e-7),
        loss: program.loss === 'logistic' ? 'binaryCrossentropy' : 'sparseCategoricalCrossentropy',
      });
    },
    step: () => model?.trainOnBatch(x, y), // reads the loss back
    settle: () => Promise.resolve(),
    allocatedBytes: () => (backend === 'cpu' ? null : deviceBytes(tf.memory())),
    dispose: () => {
      model?.dispose();
      tf.dispose([x, y]);
    },
  };
}

/** The layers model of a program: the same layers, with probabilities at its end, as tfjs's losses take them. */
export function stockModel(program: StepProgram): tf.LayersModel {
  const [height, width, channels] = program.input;
  const input = tf.input({ shape: height === 1 && width === 1 ? [channels] : [height, width, channels] });
  const points: tf.SymbolicTensor[] = [input];
  const through = (layer: tf.layers.Layer, from: tf.SymbolicTensor | tf.SymbolicTensor[]): tf.SymbolicTensor =>
    layer.apply(from) as tf.SymbolicTensor; // one output of symbolic input
  const last = program.ops.at(-1);
  for (const op of program.ops) {
    const from = points[op.from]!;
    const relu = 'relu' in op && op.relu;
    switch (op.kind) {
      case 'conv':
        points.push(
          through(
            tf.layers.conv2d({
              filters: op.out[2],
              kernelSize: op.kernel,
              strides: op.stride,
              padding: 'same',
              useBias: op.bias,
              kernelInitializer: 'heNormal',
              ...(relu ? { activation: 'relu' as const } : {}),
            }),
            from,
          ),
        );
        break;
      case 'dense': {
        const end = program.loss === 'logistic' ? 'sigmoid' : 'softmax';
        const activation = op === last ? end : relu ? 'relu' : 'linear';
        const flat = from.shape.length > 2 ? through(tf.layers.flatten(), from) : from;
        points.push(through(tf.layers.dense({ units: op.out[2], activation, kernelInitializer: 'heNormal' }), flat));
        break;
      }
      case 'maxpool':
        points.push(through(tf.layers.maxPooling2d({ poolSize: op.size }), from));
        break;
      case 'avgpool':
        points.push(through(tf.layers.averagePooling2d({ poolSize: [op.size, op.size] }), from));
        break;
      case 'global-avgpool':
        points.push(through(tf.layers.globalAveragePooling2d({}), from));
        break;
      case 'batchnorm':
      case 'add': {
        const joined =
          op.kind === 'add'
            ? through(tf.layers.add(), [from, points[op.other]!])
            : through(tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 }), from);
        points.push(relu ? through(tf.layers.reLU(), joined) : joined);
        break;
      }
      default:
        op satisfies never;
    }
  }
  return tf.model({ inputs: input, outputs: points.at(-1)! });
}
