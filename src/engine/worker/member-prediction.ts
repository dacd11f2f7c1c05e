import type { ActivationQuantization, Executor } from '#engine/executors/executor.ts';
import { memberProgram } from '#engine/model/member-program.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { StepProgram } from '#engine/model/program.ts';
import type { KnownMember } from '#engine/protocol/prediction.ts';
import type { RunData } from '#engine/protocol/run.ts';
import { predictAudit, type Predictions } from '#engine/worker/prediction.ts';
import { prepareRun } from '#engine/worker/run-context.ts';

/**
 * What a member of known weights predicts on the audit split, its activations rounded as they were. Loads the data into the
 * executor; nothing is trained.
 */
export async function predictMember(
  executor: Executor,
  plan: Plan,
  data: RunData,
  member: KnownMember,
): Promise<Predictions> {
  const program = memberProgram(plan, { input: data.input, classes: data.classes.length }, member.spec);
  const context = { ...prepareRun(plan, data, executor), program };
  const { batchSize, optimizer } = plan;
  const chunk = executor.createChunk({ program, members: 1, batchSize, optimizer, parameters: member.weights });
  try {
    const prediction = predictAudit(context, chunk, roundingOf(member, program));
    let part = await prediction.next();
    while (part.done !== true) part = await prediction.next();
    return part.value;
  } finally {
    chunk.dispose();
  }
}

/** Fixed grids where the member has them; else every operation with a kernel of few bits rounds what it reads. */
function roundingOf({ tensors, activations }: KnownMember, { ops }: StepProgram): ActivationQuantization {
  if (activations.length > 0) return { kind: 'fixed', points: [activations.map(({ grid }) => grid)] };
  const rounded = new Set(tensors.flatMap(({ name, quantization }) => (quantization === null ? [] : [name])));
  if (rounded.size === 0) return { kind: 'none' };
  return { kind: 'dynamic', ops: ops.map(({ name }) => rounded.has(`${name}/kernel`)) };
}
