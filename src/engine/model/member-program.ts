import type { CompressionSpec } from '#compression/spec.ts';
import { foldedProgram } from '#engine/model/fold.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { Shape, StepProgram } from '#engine/model/program.ts';

/** The program of which a member's final weights are: with batch norm folded where the member is quantized. */
export function memberProgram(
  plan: Pick<Plan, 'model' | 'loss'>,
  data: { readonly input: Shape; readonly classes: number },
  spec: CompressionSpec,
): StepProgram {
  const program = buildProgram(plan.model, data.input, data.classes, plan.loss);
  return spec.kind === 'baseline' || spec.kind === 'pruned' ? program : foldedProgram(program);
}
