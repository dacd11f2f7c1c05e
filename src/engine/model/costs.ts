import type { CompressionSpec, TrainedSpec } from '#compression/spec.ts';
import { isPostTraining, levelName, stagesOf } from '#compression/spec.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { trainingProgram } from '#engine/model/member-program.ts';
import type { OptimizerSpec, Plan } from '#engine/model/plan.ts';
import type { PlanFacts } from '#engine/model/presets.ts';
import type { Op, StepProgram } from '#engine/model/program.ts';

/** What one member costs. */
export interface MemberCosts {
  /** Weights, biases and batch norm, without the gaps between blocks. */
  readonly parameters: number;
  /** Multiply-accumulates of one example forward; windows at the border count in full. */
  readonly macsForward: number;
  /** Multiply-accumulates of one training step: forward, weight gradients, and input gradients of all layers but the first. */
  readonly macsStep: number;
  /**
   * Visits of a number in one training step outside of multiply-accumulates, forward and backward: 8 for each output of batch
   * norm (mean, variance, result; two sums and the gradient), 2 for each input of a pool and output of an addition, and 6 for each parameter (the optimizer).
   */
  readonly visitsStep: number;
  /** Weights, mask, gradients and optimizer state as float32. */
  readonly stateBytes: number;
  /** Every activation and its gradient for one batch, as float32: an upper bound, executors reuse them. */
  readonly activationBytes: number;
  /** What is kept of a finished member's weights. */
  readonly storedBytes: number;
}

const FLOAT_BYTES = 4;
const SAID_BYTES = 4;
const BATCH_NORM_VISITS = 8;
const MOVE_VISITS = 2;
const OPTIMIZER_VISITS = 6;
/** Fake quantization: the largest weight of a kernel and its rounding; the range of a point, its rounding, and its gradient. */
const FAKE_KERNEL_VISITS = 3;
const FAKE_POINT_VISITS = 4;

/** Costs of a member of the program at a batch size (in examples, at least 1). */
export function memberCosts(program: StepProgram, batchSize: number, optimizer: OptimizerSpec): MemberCosts {
  const macs = program.ops.map(macsOf);
  const macsForward = sum(macs);
  const first = macs.find((count) => count > 0) ?? 0;
  const optimizerSlots = optimizer.kind === 'sgd' ? 1 : 2;
  return {
    parameters: sum(program.tensors.map((tensor) => tensor.size)),
    macsForward,
    macsStep: batchSize * (3 * macsForward - first),
    visitsStep: batchSize * sum(program.ops.map(visitsOf)) + OPTIMIZER_VISITS * program.parameterCount,
    stateBytes: FLOAT_BYTES * program.parameterCount * (3 + optimizerSlots),
    activationBytes: 2 * FLOAT_BYTES * batchSize * activationCount(program),
    storedBytes: FLOAT_BYTES * program.parameterCount,
  };
}

/** What one level of a run costs. */
export interface LevelCosts {
  readonly level: string; // levelName
  /** Members that are trained for it; 0 where they are made from those of another level. */
  readonly trained: number;
  /** Work of training one of its members, against one of the baseline's; 0 where nothing is trained. An estimate. */
  readonly work: number;
  /** Memory that one of its members takes while it is trained or made, without the data. An upper bound. */
  readonly memberBytes: number;
  /** What its finished members take on disk: weights, and class and probability of every audited example. */
  readonly keptBytes: number;
}

export interface RunCosts {
  readonly member: MemberCosts;
  /** The baseline, then the levels of the plan. */
  readonly levels: readonly LevelCosts[];
  /** Operations of the whole training: two a multiply-accumulate, one a visit. An estimate. */
  readonly operations: number;
  /** Members that are trained, those for pipelines included, and that are made from finished ones. */
  readonly trained: number;
  readonly made: number;
  readonly totalSteps: number;
  /** Memory of a worker that trains one member at a time: the data and the member. */
  readonly workerBytes: number;
  /**
   * What the finished run takes on disk, without the data: of every member its weights, and the class and the probability that it
   * gives to each audited example (2 bytes each); of one member the embeddings.
   */
  readonly keptBytes: number;
}

/** What a plan comes to on these data; null where no model or no level can be built from it. */
export function runCosts(plan: Plan, facts: PlanFacts): RunCosts | null {
  try {
    return costsOf(plan, facts);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function costsOf(plan: Plan, facts: PlanFacts): RunCosts {
  const program = buildProgram(plan.model, facts.input, facts.classes, plan.loss);
  const member = memberCosts(program, plan.batchSize, plan.optimizer);
  const step = operationsOfStep(member);
  const specs: readonly CompressionSpec[] = [{ kind: 'baseline' }, ...plan.levels];
  const own = new Set(specs.filter((spec) => !isPostTraining(spec)).map(levelName));
  const levels = specs.map((spec): LevelCosts => {
    const { trained } = stagesOf(spec);
    const isMade = isPostTraining(spec) && own.has(levelName(trained));
    own.add(levelName(trained)); // what one pipeline has trained, the next one takes
    const [members, work] = isMade ? [0, 0] : [plan.members, workOf(trained, { plan, facts, program, step })];
    const costs = memberCosts(trainingProgram(plan, facts, trained), plan.batchSize, plan.optimizer);
    const taught = trained.kind === 'distilled' ? FLOAT_BYTES * facts.examples * program.outputs : 0;
    return {
      level: levelName(spec),
      trained: members,
      work,
      memberBytes: costs.activationBytes + (isMade ? costs.storedBytes : costs.stateBytes + taught),
      keptBytes: plan.members * (costs.storedBytes + SAID_BYTES * facts.auditExamples),
    };
  });
  const trained = sum(levels.map((level) => level.trained));
  const made = plan.members * specs.filter(isPostTraining).length;
  const inputBytes = (facts.kind === 'images' ? 1 : FLOAT_BYTES) * shapeSize(facts.input);
  return {
    member,
    levels,
    operations: plan.steps * step * sum(levels.map((level) => level.trained * level.work)),
    trained,
    made,
    totalSteps: trained * plan.steps,
    workerBytes: facts.examples * inputBytes + member.stateBytes + member.activationBytes,
    keptBytes:
      sum(levels.map((level) => level.keptBytes)) +
      FLOAT_BYTES * shapeSize(program.ops.at(-1)!.in) * facts.auditExamples,
  };
}

/** Work of training a member, against one of the baseline, of whose program a step takes `step` operations. */
function workOf(
  spec: TrainedSpec,
  around: {
    readonly plan: Plan;
    readonly facts: PlanFacts;
    readonly program: StepProgram;
    readonly step: number;
  },
): number {
  const { plan, facts, program, step } = around;
  switch (spec.kind) {
    case 'baseline':
    case 'pruned':
    case 'structured': // masked to the end of its training
      return 1;
    case 'qat-int8': {
      const floatShare = Math.min(1, spec.begin / plan.steps);
      return 1 + (1 - floatShare) * (fakeVisits(program, plan.batchSize) / step);
    }
    case 'distilled': {
      const student = memberCosts(trainingProgram(plan, facts, spec), plan.batchSize, plan.optimizer);
      const teaching = (facts.trainExamples * 2 * sum(program.ops.map(macsOf))) / plan.steps;
      return (operationsOfStep(student) + teaching) / step;
    }
    default:
      return spec satisfies never;
  }
}

function operationsOfStep({ macsStep, visitsStep }: MemberCosts): number {
  return 2 * macsStep + visitsStep;
}

function fakeVisits(program: StepProgram, batchSize: number): number {
  return FAKE_KERNEL_VISITS * program.parameterCount + FAKE_POINT_VISITS * batchSize * activationCount(program);
}

/** Numbers at all points of one example. */
function activationCount(program: StepProgram): number {
  return shapeSize(program.input) + sum(program.ops.map((op) => shapeSize(op.out)));
}

function macsOf(op: Op): number {
  switch (op.kind) {
    case 'conv':
      return op.out[0] * op.out[1] * op.kernelSize;
    case 'dense':
      return op.kernelSize;
    case 'maxpool':
    case 'avgpool':
    case 'global-avgpool':
    case 'batchnorm':
    case 'add':
      return 0;
    default:
      return op satisfies never;
  }
}

function visitsOf(op: Op): number {
  switch (op.kind) {
    case 'batchnorm':
      return BATCH_NORM_VISITS * shapeSize(op.out);
    case 'maxpool':
    case 'avgpool':
    case 'global-avgpool':
      return MOVE_VISITS * shapeSize(op.in);
    case 'add':
      return MOVE_VISITS * shapeSize(op.out);
    case 'conv':
    case 'dense':
      return 0;
    default:
      return op satisfies never;
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
