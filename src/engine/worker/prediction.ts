import type { ActivationQuantization, Chunk } from '#engine/executors/executor.ts';
import type { StepProgram } from '#engine/model/program.ts';
import type { Embeddings } from '#audit/embeddings.ts';
import type { RunContext } from '#engine/worker/run-context.ts';
import { LOG_ODDS_CODES, logOddsCode } from '#lib/log-odds.ts';

/** What the members of a chunk say about the audit split. */
export interface Predictions {
  /** [member][audit example] predicted class; of equal logits the first wins, and of one logit only more than 0 is class 1. */
  readonly classes: readonly Uint16Array[];
  /** [member][audit example] as `MemberResult.probabilities`; of logits that are no numbers 1/2. */
  readonly probabilities: readonly Uint16Array[];
  /** Fraction predicted right, [member] in [0,1]; 0 of no examples. */
  readonly accuracy: readonly number[];
  /** Whether every logit of a member is a finite number, [member]. */
  readonly finite: readonly boolean[];
}

/** What is asked about the audit split. */
type Audit = Pick<RunContext, 'plan' | 'program' | 'auditIndices' | 'labels' | 'positive'>;

/** Predicts the whole audit split. Yields between batches, so that its consumer can let messages in. */
export async function* predictAudit(
  { plan, program, auditIndices, labels, positive }: Audit,
  chunk: Chunk,
  quantization: ActivationQuantization,
): AsyncGenerator<null, Predictions, undefined> {
  const { members } = chunk;
  const examples = auditIndices.length;
  const classes = Array.from({ length: members }, () => new Uint16Array(examples));
  const probabilities = Array.from({ length: members }, () => new Uint16Array(examples));
  const finite = Array.from({ length: members }, () => true);
  for (const { begin, count, indices } of auditBatches(auditIndices, plan.batchSize)) {
    const logits = await chunk.logits(indices, quantization);
    for (let member = 0; member < members; member++) {
      for (let i = 0; i < count; i++) {
        const at = (member * indices.length + i) * program.outputs;
        const row = logits.subarray(at, at + program.outputs);
        if (!row.every(Number.isFinite)) finite[member] = false;
        const predicted = program.loss === 'logistic' ? Number(row[0]! > 0) : largest(row);
        classes[member]![begin + i] = predicted;
        probabilities[member]![begin + i] = positiveCode(program, row, positive, predicted);
      }
    }
    yield null;
  }
  const accuracy = classes.map((predicted) => {
    const right = predicted.reduce((sum, label, i) => sum + (label === labels[auditIndices[i]!] ? 1 : 0), 0);
    return examples === 0 ? 0 : right / examples;
  });
  return { classes, probabilities, accuracy, finite };
}

/**
 * What the last dense layer of one member of a chunk reads of every audit example. null where a number is not finite. Yields
 * between batches.
 */
export async function* embedAudit(
  { plan, auditIndices }: Pick<RunContext, 'plan' | 'auditIndices'>,
  chunk: Chunk,
  member: number,
): AsyncGenerator<null, Embeddings | null, undefined> {
  let width = 0;
  let values = new Float32Array();
  for (const { begin, count, indices } of auditBatches(auditIndices, plan.batchSize)) {
    const all = await chunk.embeddings(indices);
    if (begin === 0) {
      width = all.length / (chunk.members * indices.length);
      values = new Float32Array(auditIndices.length * width);
    }
    const from = member * indices.length * width;
    values.set(all.subarray(from, from + count * width), begin * width);
    yield null;
  }
  return values.every(Number.isFinite) ? { width, values } : null;
}

/** Batches of one size: the last is filled up with its first example, so that a GPU sees one shape only. */
function* auditBatches(
  auditIndices: Uint32Array,
  size: number,
): Generator<{ readonly begin: number; readonly count: number; readonly indices: Int32Array }> {
  for (let begin = 0; begin < auditIndices.length; begin += size) {
    const count = Math.min(size, auditIndices.length - begin);
    const indices = new Int32Array(size).fill(auditIndices[begin]!);
    indices.set(auditIndices.subarray(begin, begin + count));
    yield { begin, count, indices };
  }
}

/** The code of the probability of a class; of two classes on the side of 1/2 on which the prediction is, also where it is a tie. */
function positiveCode(
  { loss, classes }: Pick<StepProgram, 'loss' | 'classes'>,
  row: Float32Array,
  positive: number,
  predicted: number,
): number {
  const code = logOddsCode(
    loss === 'logistic' ? (positive === 1 ? row[0]! : -row[0]!) : row[positive]! - logSumOfOthers(row, positive),
  );
  if (classes !== 2) return code;
  return predicted === positive ? Math.max(code, LOG_ODDS_CODES / 2) : Math.min(code, LOG_ODDS_CODES / 2 - 1);
}

/** ln of the sum of exp over all values but one. */
function logSumOfOthers(row: Float32Array, left: number): number {
  let most = -Infinity;
  for (let i = 0; i < row.length; i++) if (i !== left) most = Math.max(most, row[i]!);
  let sum = 0;
  for (let i = 0; i < row.length; i++) if (i !== left) sum += Math.exp(row[i]! - most);
  return most + Math.log(sum);
}

/** Index of the largest value, the first on a tie; 0 where nothing is a number. */
function largest(row: Float32Array): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i;
  return best;
}
