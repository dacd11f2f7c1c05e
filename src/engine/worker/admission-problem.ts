import type { ChunkSpec, TrainingData } from '#engine/executors/executor.ts';
import { initialParameters } from '#engine/model/initial.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';

const SEED = 20200611;
const MEMBERS = 2;
const BATCH = 8;
const EXAMPLES = 16;
const CLASSES = 3;

/** A tiny training problem that touches every operation: convolution, pool, dense, cross-entropy and optimizer. */
export interface AdmissionProblem {
  readonly program: StepProgram;
  readonly data: TrainingData;
  /** [step][member, batch] */
  readonly batches: readonly Int32Array[];
  /** Every example, for a prediction. */
  readonly everyExample: Int32Array;
  readonly chunk: (optimizer: ChunkSpec['optimizer']) => ChunkSpec;
}

/**
 * Images of 9x9x3 (odd: the pool drops a row and a column), two members. Of the first convolution's filters one has a bias
 * so negative that every window of its pool is below zero: its weights must get no gradient at all.
 */
export function admissionProblem(): AdmissionProblem {
  const program = buildProgram({ kind: 'cnn-small', filters: [5, 6], dense: [7] }, [9, 9, 3], CLASSES);
  const random = stream(SEED, 'admission');
  const pixels = Uint8Array.from({ length: EXAMPLES * 9 * 9 * 3 }, () => random.int(256));
  const labels = Uint16Array.from({ length: EXAMPLES }, () => random.int(CLASSES));
  const parameters = new Float32Array(MEMBERS * program.parameterCount);
  for (let member = 0; member < MEMBERS; member++) {
    parameters.set(initialParameters(program, SEED, member), member * program.parameterCount);
  }
  const firstBias = program.tensors.find((tensor) => tensor.name === 'conv1/bias');
  if (firstBias === undefined) throw new Error('The admission problem has no first convolution.');
  for (let member = 0; member < MEMBERS; member++)
    parameters[member * program.parameterCount + firstBias.offset] = -100;
  const batch = (): Int32Array => Int32Array.from({ length: MEMBERS * BATCH }, () => random.int(EXAMPLES));
  return {
    program,
    data: { inputs: { kind: 'bytes', data: pixels }, labels, examples: EXAMPLES },
    batches: Array.from({ length: 5 }, batch),
    everyExample: Int32Array.from({ length: EXAMPLES }, (_, i) => i),
    chunk: (optimizer) => ({ program, members: MEMBERS, batchSize: BATCH, optimizer, parameters: parameters.slice() }),
  };
}
