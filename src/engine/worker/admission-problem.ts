import { trainedSpecs } from '#compression/spec.ts';
import type { ChunkSpec, Distillation, FakeQuantization, TrainingData } from '#engine/executors/executor.ts';
import { foldedProgram } from '#engine/model/fold.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import { initialParameters } from '#engine/model/initial.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { ModelSpec, OptimizerSpec, Plan } from '#engine/model/plan.ts';
import type { Loss, Shape, StepProgram } from '#engine/model/program.ts';
import { fakePoints } from '#engine/worker/fake-points.ts';
import { stream } from '#lib/random.ts';

const SEED = 20200611;
const MEMBERS = 2;
const BATCH = 8;
const EXAMPLES = 16;
/**
 * Least and largest value of the first point's grid, so coarse that what is rounded shows in every gradient, and how much wider
 * the next point's is: means of values of one grid would lie half way on the same grid, where rounding errors decide.
 */
const FAKE_RANGE = [-2, 2.5] as const;
const WIDER = 1.0219;

/** What of a plan decides which operations training needs. */
export type NeededPlan = Pick<Plan, 'model' | 'loss' | 'levels'>;

/** A tiny training problem. */
export interface AdmissionProblem {
  readonly program: StepProgram;
  readonly data: TrainingData;
  /** [step][member, batch] */
  readonly batches: readonly Int32Array[];
  /** Every example, for a prediction. */
  readonly everyExample: Int32Array;
  /** Those of which a few steps are made. */
  readonly optimizers: readonly OptimizerSpec[];
  readonly chunk: (optimizer: OptimizerSpec) => ChunkSpec;
  /** The folded program and how it is fake quantized; null where that is not needed. */
  readonly fake: { readonly chunk: ChunkSpec; readonly quantization: FakeQuantization } | null;
}

/**
 * What an executor must solve before a run: images of 9x9x3 (odd: the pool drops a row and a column), two members, with
 * convolution, pool, dense layers, cross-entropy and both optimizers. Where the plan needs batch norm and additions, the
 * logistic loss, teachers or fake quantization, a second problem has just these. Without a plan the first one alone.
 */
export function admissionProblems(plan?: NeededPlan): readonly AdmissionProblem[] {
  const first = commonProblem();
  if (plan === undefined) return [first];
  const { model, loss = 'softmax', levels } = plan;
  const students = trainedSpecs(levels).filter((spec) => spec.kind === 'distilled');
  const isResidual = [model, ...students.map(({ student }) => student)].some(({ kind }) => kind === 'resnet-8');
  const isAware = levels.some(({ kind }) => kind === 'qat-int8');
  if (!isResidual && !isAware && students.length === 0 && loss === 'softmax') return [first];
  const small: ModelSpec = isResidual
    ? { kind: 'resnet-8', filters: [3, 4], blocks: 1 }
    : { kind: 'cnn-small', filters: [3], dense: [] };
  const isTaught = students.length > 0;
  const second = problemOf(small, { input: [5, 4, 2], classes: 2, loss, optimizers: [], isTaught });
  return [first, isAware ? { ...second, fake: fakeOf(second) } : second];
}

/** Of the first convolution's filters one has a bias so negative that every window of its pool is below zero: its weights must get no gradient at all. */
function commonProblem(): AdmissionProblem {
  const problem = problemOf(
    { kind: 'cnn-small', filters: [5, 6], dense: [7] },
    {
      input: [9, 9, 3],
      classes: 3,
      loss: 'softmax',
      optimizers: [
        { kind: 'sgd', momentum: 0.9 },
        // A large epsilon: with a tiny one Adam makes whole steps of gradients that are nothing but rounding.
        { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-3 },
      ],
    },
  );
  const { program } = problem;
  const firstBias = program.tensors.find((tensor) => tensor.name === 'conv1/bias');
  if (firstBias === undefined) throw new Error('The admission problem has no first convolution.');
  const chunk = (optimizer: OptimizerSpec): ChunkSpec => {
    const spec = problem.chunk(optimizer);
    for (let member = 0; member < MEMBERS; member++)
      spec.parameters[member * program.parameterCount + firstBias.offset] = -100;
    return spec;
  };
  return { ...problem, chunk };
}

function problemOf(
  model: ModelSpec,
  {
    input,
    classes,
    loss,
    optimizers,
    isTaught = false,
  }: {
    readonly input: Shape;
    readonly classes: number;
    readonly loss: Loss;
    readonly optimizers: readonly OptimizerSpec[];
    readonly isTaught?: boolean;
  },
): AdmissionProblem {
  const program = buildProgram(model, input, classes, loss);
  const random = stream(SEED, 'admission');
  const pixels = Uint8Array.from({ length: EXAMPLES * shapeSize(input) }, () => random.int(256));
  const labels = Uint16Array.from({ length: EXAMPLES }, () => random.int(classes));
  const batch = (): Int32Array => Int32Array.from({ length: MEMBERS * BATCH }, () => random.int(EXAMPLES));
  const distillation = isTaught ? { distillation: teaching(program) } : {};
  return {
    program,
    data: { inputs: { kind: 'bytes', data: pixels }, labels, examples: EXAMPLES },
    batches: Array.from({ length: 5 }, batch),
    everyExample: Int32Array.from({ length: EXAMPLES }, (_, i) => i),
    optimizers,
    chunk: (optimizer) => ({ ...chunkOf(program, optimizer), ...distillation }),
    fake: null,
  };
}

/** Teachers who say more of some examples than of others. */
function teaching({ outputs }: StepProgram): Distillation {
  const random = stream(SEED, 'teacher');
  const teacher = Float32Array.from({ length: MEMBERS * EXAMPLES * outputs }, () => 3 * random.normal());
  return { temperature: 3, weight: 0.7, teacher };
}

/** The same problem in whole numbers. */
function fakeOf({ program }: AdmissionProblem): AdmissionProblem['fake'] {
  const folded = foldedProgram(program);
  const points = fakePoints(folded);
  const ranges = Float32Array.from({ length: MEMBERS * points.length * 2 }, (_, i) => {
    const point = Math.floor(i / 2) % points.length;
    return FAKE_RANGE[i % 2]! * WIDER ** point;
  });
  return { chunk: chunkOf(folded, { kind: 'sgd', momentum: 0 }), quantization: { points, ranges, decay: 0.9 } };
}

function chunkOf(program: StepProgram, optimizer: OptimizerSpec): ChunkSpec {
  const parameters = new Float32Array(MEMBERS * program.parameterCount);
  for (let member = 0; member < MEMBERS; member++)
    parameters.set(initialParameters(program, SEED, member), member * program.parameterCount);
  return { program, members: MEMBERS, batchSize: BATCH, optimizer, parameters };
}
