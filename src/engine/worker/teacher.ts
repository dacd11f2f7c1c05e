import type { Distillation } from '#engine/executors/executor.ts';
import type { TrainingTask } from '#engine/protocol/worker-methods.ts';
import { joined } from '#engine/worker/parts.ts';
import type { RunContext } from '#engine/worker/run-context.ts';

/**
 * What the teachers of distilled members say about the training examples, for the steps to come; null for members of any other
 * level. Every member's teacher is asked once: [member, example, output] logits, 0 for examples that are not trained on. It
 * sees each example as it is, also where the student sees random views of it: as a label, what it says holds for all of
 * them. Yields between batches, so that its consumer can let messages in.
 */
export async function* askTeachers(
  { plan, program, executor, trainIndices, labels }: RunContext,
  tasks: readonly TrainingTask[],
): AsyncGenerator<null, Distillation | null, undefined> {
  const spec = tasks[0]?.spec;
  if (spec?.kind !== 'distilled') return null;
  const size = plan.batchSize;
  const teacher = new Float32Array(tasks.length * labels.length * program.outputs);
  const chunk = executor.createChunk({
    program,
    members: tasks.length,
    batchSize: size,
    optimizer: plan.optimizer,
    parameters: joined(tasks.map(teacherOf)),
  });
  try {
    for (let begin = 0; begin < trainIndices.length; begin += size) {
      const asked = trainIndices.subarray(begin, begin + size);
      const indices = new Int32Array(size).fill(asked[0]!); // a GPU sees one shape only
      indices.set(asked);
      const logits = await chunk.logits(indices, { kind: 'none' });
      tasks.forEach((_, member) => {
        asked.forEach((example, i) => {
          const from = (member * size + i) * program.outputs;
          const said = logits.subarray(from, from + program.outputs);
          teacher.set(said, (member * labels.length + example) * program.outputs);
        });
      });
      yield null;
    }
  } finally {
    chunk.dispose();
  }
  return { temperature: spec.temperature, weight: spec.weight, teacher };
}

function teacherOf({ key, teacher }: TrainingTask): Float32Array {
  if (teacher === undefined) throw new Error(`The teacher of ${key.level} is not in the job.`);
  return teacher;
}
