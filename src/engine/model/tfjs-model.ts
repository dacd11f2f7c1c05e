import { BATCH_NORM_DECAY, BATCH_NORM_EPSILON, type Op, type StepProgram } from '#engine/model/program.ts';

/** The two files of a layers model: `loadLayersModel` of stock TensorFlow.js reads the first and finds the second beside it. */
export interface TfjsModel {
  readonly modelJson: string;
  /** Float32, little-endian, in the order of the manifest. */
  readonly weights: Uint8Array<ArrayBuffer>;
}

export const TFJS_FILES = { model: 'model.json', weights: 'weights.bin' } as const;

interface Layer {
  readonly name: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** The layers whose outputs it reads. */
  readonly inputs: readonly string[];
}

const INPUT = 'input';
/** What Keras calls the vectors of a batch norm. */
const KERAS_VECTORS: Readonly<Record<string, string>> = {
  scale: 'gamma',
  shift: 'beta',
  mean: 'moving_mean',
  variance: 'moving_variance',
};

/**
 * A program with its parameters [parameterCount] as a Keras model for TensorFlow.js. Layers have the names of the operations;
 * the output is the probability of every class (softmax), or with the logistic loss that of class 1 (sigmoid). Inputs are what
 * the program sees: bytes of images as x / 127.5 - 1, tables standardised. Rounded activations have no layer: a quantized
 * member predicts nearly, not exactly, the same there. metadata: for people, as JSON.
 */
export function tfjsModel(
  program: StepProgram,
  parameters: Float32Array,
  { name, metadata }: { readonly name: string; readonly metadata: object },
): TfjsModel {
  const layers = layersOf(program);
  const config = {
    name,
    layers: layers.map((layer) => ({
      name: layer.name,
      class_name: layer.className,
      config: { name: layer.name, trainable: true, ...layer.config },
      inbound_nodes: layer.inputs.length === 0 ? [] : [layer.inputs.map((input) => [input, 0, 0, {}])],
    })),
    input_layers: [[INPUT, 0, 0]],
    output_layers: [[layers.at(-1)!.name, 0, 0]],
  };
  const weights = program.tensors.map((slot) => ({ name: kerasName(slot.name), shape: slot.shape, dtype: 'float32' }));
  const modelJson = JSON.stringify({
    format: 'layers-model',
    generatedBy: 'Longtail',
    convertedBy: null,
    modelTopology: { class_name: 'Model', config, keras_version: '2.1.6', backend: 'tensor_flow.js' },
    weightsManifest: [{ paths: [TFJS_FILES.weights], weights }],
    userDefinedMetadata: metadata,
  });
  return { modelJson, weights: new Uint8Array(withoutGaps(program, parameters).buffer) };
}

/** `bn1/scale` is `bn1/gamma` there. */
function kerasName(name: string): string {
  const slash = name.lastIndexOf('/') + 1;
  return name.slice(0, slash) + (KERAS_VECTORS[name.slice(slash)] ?? name.slice(slash));
}

function withoutGaps({ tensors }: StepProgram, parameters: Float32Array): Float32Array<ArrayBuffer> {
  const floats = new Float32Array(tensors.reduce((sum, { size }) => sum + size, 0));
  let at = 0;
  for (const { offset, size } of tensors) {
    floats.set(parameters.subarray(offset, offset + size), at);
    at += size;
  }
  return floats;
}

function layersOf({ input, ops, loss }: StepProgram): readonly Layer[] {
  const isTable = ops[0]!.kind === 'dense' && input[0] === 1 && input[1] === 1;
  const shape = [null, ...(isTable ? [input[2]] : input)];
  const layers: Layer[] = [
    { name: INPUT, className: 'InputLayer', config: { batch_input_shape: shape, dtype: 'float32' }, inputs: [] },
  ];
  const add = (name: string, className: string, config: Layer['config'], ...inputs: readonly string[]): string => {
    layers.push({ name, className, config, inputs });
    return name;
  };
  /** The layer that gives each point, and whether its values are a vector, [example, unit]. */
  const points = [{ layer: INPUT, flat: isTable }];
  ops.forEach((op, i) => {
    const { layer: read, flat } = points[op.from]!;
    const last = i === ops.length - 1 ? (loss === 'logistic' ? 'sigmoid' : 'softmax') : null;
    const vector = op.kind !== 'dense' || flat ? read : add(`${op.name}.flat`, 'Flatten', {}, read);
    const layer = add(
      op.name,
      ...kerasLayer(op, last),
      vector,
      ...(op.kind === 'add' ? [points[op.other]!.layer] : []),
    );
    const needsRelu = (op.kind === 'batchnorm' || op.kind === 'add') && op.relu;
    points.push({
      layer: needsRelu ? add(`${op.name}.relu`, 'Activation', { activation: 'relu' }, layer) : layer,
      flat: op.kind === 'dense' || op.kind === 'global-avgpool' || flat,
    });
  });
  return layers;
}

/** Class and configuration of the layer. outputActivation: of the last one. */
function kerasLayer(op: Op, outputActivation: string | null): readonly [string, Layer['config']] {
  const activationOf = (relu: boolean): string => outputActivation ?? (relu ? 'relu' : 'linear');
  switch (op.kind) {
    case 'conv': {
      const [size, strides] = [
        [op.kernel, op.kernel],
        [op.stride, op.stride],
      ];
      const how = { padding: 'same', activation: activationOf(op.relu), use_bias: op.bias };
      return ['Conv2D', { filters: op.out[2], kernel_size: size, strides, data_format: 'channels_last', ...how }];
    }
    case 'dense':
      return ['Dense', { units: op.out[2], activation: activationOf(op.relu), use_bias: true }];
    case 'maxpool':
    case 'avgpool': {
      const size = [op.size, op.size];
      const className = op.kind === 'maxpool' ? 'MaxPooling2D' : 'AveragePooling2D';
      return [className, { pool_size: size, strides: size, padding: 'valid', data_format: 'channels_last' }];
    }
    case 'global-avgpool':
      return ['GlobalAveragePooling2D', { data_format: 'channels_last' }];
    case 'batchnorm':
      return ['BatchNormalization', { axis: -1, momentum: BATCH_NORM_DECAY, epsilon: BATCH_NORM_EPSILON }];
    case 'add':
      return ['Add', {}];
    default:
      return op satisfies never;
  }
}
