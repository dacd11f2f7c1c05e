import type { CompressionSpec, TrainedSpec } from '#compression/spec.ts';
import { stagesOf } from '#compression/spec.ts';
import { foldedProgram } from '#engine/model/fold.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { Shape, StepProgram } from '#engine/model/program.ts';
import { smallerProgram } from '#engine/model/smaller.ts';

type PlanModel = Pick<Plan, 'model' | 'loss'>;
interface Interface {
  readonly input: Shape;
  readonly classes: number;
}

/** The program in which a population is trained: a distilled one's is its student's, all others' is the plan's. */
export function trainingProgram(plan: PlanModel, { input, classes }: Interface, spec: TrainedSpec): StepProgram {
  return buildProgram(spec.kind === 'distilled' ? spec.student : plan.model, input, classes, plan.loss);
}

/**
 * The program of which a member's final weights are: without the filters and neurons that structured pruning has removed, and
 * with batch norm folded where the member is quantized.
 */
export function memberProgram(plan: PlanModel, data: Interface, spec: CompressionSpec): StepProgram {
  const { trained, quantized } = stagesOf(spec);
  const whole = trainingProgram(plan, data, trained);
  const program = trained.kind === 'structured' ? smallerProgram(whole, trained.sparsity) : whole;
  return quantized !== null || trained.kind === 'qat-int8' ? foldedProgram(program) : program;
}
