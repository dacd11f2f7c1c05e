import { columnOf } from '#dataset/build.ts';
import { SPLIT_AUDIT, SPLIT_TRAIN, type Dataset, type Question, type TableFeatures } from '#dataset/dataset.ts';

/** What training needs of a dataset. It has the shape of the engine's RunData; this folder does not know the engine. */
export interface DatasetForTraining {
  readonly training: {
    readonly inputs:
      { readonly kind: 'bytes'; readonly data: Uint8Array } | { readonly kind: 'floats'; readonly data: Float32Array };
    /** [example] index into `classes`; 0 where the label is missing, and then the example is in neither list. */
    readonly labels: Uint16Array;
    readonly examples: number;
  };
  /** [height, width, channels]; [1, 1, inputs] for a table. */
  readonly input: readonly [number, number, number];
  readonly classes: readonly string[];
  readonly trainIndices: Uint32Array; // ascending
  readonly auditIndices: Uint32Array; // ascending
}

/** In standard deviations. Only there so that 1e308 cannot become an infinite float32. */
const FARTHEST = 1000;

/**
 * The inputs, labels and index lists of a question.
 *
 * Images: the bytes of the dataset, shared and not copied. Tables: floats [example, input]. A numeric column becomes
 * (x - mean) / sd with mean and sd (of the population, dividing by n) over the training examples; a missing or infinite
 * cell is 0, the mean; a column without spread is all 0; what lies beyond 1,000 sd is held there. A categorical column becomes one input a value, 1 where the
 * example has it; a missing cell is all 0. Numeric columns come first, in the order of the dataset. The target column is
 * never an input. An example without a label is in neither list.
 * @throws Error if the dataset has no column of the target's name.
 */
export function trainingData(dataset: Dataset, question: Question): DatasetForTraining {
  const target = columnOf(dataset, question.target);
  if (!target) throw new Error(`${dataset.name} has no column ${question.target}`);
  const examples = dataset.ids.length;
  const indicesOf = (part: number): Uint32Array => {
    const found: number[] = [];
    for (let x = 0; x < examples; x++) if (dataset.split[x] === part && target.codes[x]! >= 0) found.push(x);
    return Uint32Array.from(found);
  };
  const trainIndices = indicesOf(SPLIT_TRAIN);
  const auditIndices = indicesOf(SPLIT_AUDIT);
  const labels = Uint16Array.from(target.codes, (code) => Math.max(code, 0));
  const shared = { classes: target.values, trainIndices, auditIndices };
  const { features } = dataset;
  if (features.kind === 'images') {
    const input = [features.height, features.width, features.channels] as const;
    return { training: { inputs: { kind: 'bytes', data: features.pixels }, labels, examples }, input, ...shared };
  }
  const { data, width } = tableInputs(dataset, features, question.target, trainIndices);
  return { training: { inputs: { kind: 'floats', data }, labels, examples }, input: [1, 1, width], ...shared };
}

/** The columns that become inputs when the target is predicted, and the inputs that they become. */
export function tableColumns(dataset: Dataset, features: TableFeatures, target: string) {
  const numeric = features.numeric.filter((column) => column.name !== target);
  const categorical = features.categorical
    .filter((name) => name !== target)
    .flatMap((name) => columnOf(dataset, name) ?? []);
  const width = categorical.reduce((sum, column) => sum + column.values.length, numeric.length);
  return { numeric, categorical, width };
}

function tableInputs(
  dataset: Dataset,
  features: TableFeatures,
  target: string,
  trainIndices: Uint32Array,
): { data: Float32Array; width: number } {
  const { numeric, categorical, width } = tableColumns(dataset, features, target);
  const examples = dataset.ids.length;
  const data = new Float32Array(examples * width);
  numeric.forEach((column, offset) => {
    const { mean, sd } = spread(column.numbers, trainIndices);
    if (sd === 0) return;
    for (let x = 0; x < examples; x++) {
      const value = column.numbers[x]!;
      if (Number.isFinite(value))
        data[x * width + offset] = Math.min(Math.max((value - mean) / sd, -FARTHEST), FARTHEST);
    }
  });
  let offset = numeric.length;
  for (const column of categorical) {
    for (let x = 0; x < examples; x++) {
      const code = column.codes[x]!;
      if (code >= 0) data[x * width + offset + code] = 1;
    }
    offset += column.values.length;
  }
  return { data, width };
}

/** Mean and standard deviation (dividing by n) of the finite numbers at the indices; sd 0 where it cannot be told. */
export function spread(numbers: Float64Array, indices: Uint32Array): { readonly mean: number; readonly sd: number } {
  let count = 0;
  let mean = 0;
  let squares = 0; // Welford's running sum of squared deviations
  for (const x of indices) {
    const value = numbers[x]!;
    if (!Number.isFinite(value)) continue;
    count++;
    const step = value - mean;
    mean += step / count;
    squares += step * (value - mean);
  }
  const sd = count > 0 ? Math.sqrt(squares / count) : 0;
  return Number.isFinite(sd) && Number.isFinite(mean) ? { mean, sd } : { mean: 0, sd: 0 };
}
