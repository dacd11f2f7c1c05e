import type { ActivationQuantization, Chunk } from '#engine/executors/executor.ts';
import type { RunContext } from '#engine/worker/run-context.ts';

/** What the members of a chunk say about the audit split. */
export interface Predictions {
  /** [member][audit example] predicted class; of equal logits the first wins, and of one logit only more than 0 is class 1. */
  readonly classes: readonly Uint16Array[];
  /** Fraction predicted right, [member] in [0,1]; 0 of no examples. */
  readonly accuracy: readonly number[];
  /** Whether every logit of a member is a finite number, [member]. */
  readonly finite: readonly boolean[];
}

/**
 * Predicts the whole audit split in batches of one size (the last is filled up with its first example, so that a GPU sees
 * one shape only). Yields between batches, so that its consumer can let messages in.
 */
export async function* predictAudit(
  { plan, program, auditIndices, labels }: Pick<RunContext, 'plan' | 'program' | 'auditIndices' | 'labels'>,
  chunk: Chunk,
  quantization: ActivationQuantization,
): AsyncGenerator<null, Predictions, undefined> {
  const { members } = chunk;
  const examples = auditIndices.length;
  const size = plan.batchSize;
  const classes = Array.from({ length: members }, () => new Uint16Array(examples));
  const finite = Array.from({ length: members }, () => true);
  for (let begin = 0; begin < examples; begin += size) {
    const count = Math.min(size, examples - begin);
    const indices = new Int32Array(size).fill(auditIndices[begin]!);
    indices.set(auditIndices.subarray(begin, begin + count));
    const logits = await chunk.logits(indices, quantization);
    for (let member = 0; member < members; member++) {
      for (let i = 0; i < count; i++) {
        const at = (member * size + i) * program.outputs;
        const row = logits.subarray(at, at + program.outputs);
        if (!row.every(Number.isFinite)) finite[member] = false;
        classes[member]![begin + i] = program.loss === 'logistic' ? Number(row[0]! > 0) : largest(row);
      }
    }
    yield null;
  }
  const accuracy = classes.map((predicted) => {
    const right = predicted.reduce((sum, label, i) => sum + (label === labels[auditIndices[i]!] ? 1 : 0), 0);
    return examples === 0 ? 0 : right / examples;
  });
  return { classes, accuracy, finite };
}

/** Index of the largest value, the first on a tie; 0 where nothing is a number. */
function largest(row: Float32Array): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i;
  return best;
}
