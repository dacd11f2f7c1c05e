import type { Loss } from '#engine/model/program.ts';

export interface LossAndGradient {
  /** Mean over the examples, in nats. */
  readonly loss: number;
  /** Gradient of the mean loss, [example, output]. */
  readonly gradient: Float64Array;
}

/** What the teacher of a batch says; see Distillation. */
export interface BatchTeacher {
  readonly temperature: number;
  readonly weight: number;
  readonly logits: Float64Array; // [example, output]
}

/**
 * Mean loss of logits [example, output] against labels [example], with distillation where there is a teacher. A logit z of the
 * logistic loss is the softmax of (0, z). Stays finite for logits of any size.
 */
export function lossAndGradient(
  kind: Loss,
  logits: Float64Array,
  labels: Uint16Array,
  teacher: BatchTeacher | null = null,
): LossAndGradient {
  const examples = labels.length;
  const outputs = logits.length / examples;
  const row = (all: Float64Array, example: number): number[] => {
    const own = [...all.subarray(example * outputs, (example + 1) * outputs)];
    return kind === 'logistic' ? [0, ...own] : own;
  };
  const gradient = new Float64Array(logits.length);
  let loss = 0;
  for (let example = 0; example < examples; example++) {
    const z = row(logits, example);
    const label = labels[example]!;
    const hard = 1 - (teacher?.weight ?? 0);
    const logShares = logSoftmax(z, 1);
    loss -= hard * logShares[label]!;
    let slope = logShares.map((logShare, c) => hard * (Math.exp(logShare) - (c === label ? 1 : 0)));
    if (teacher) {
      const { temperature, weight } = teacher;
      const student = logSoftmax(z, temperature);
      const target = logSoftmax(row(teacher.logits, example), temperature);
      const divergence = target.reduce((sum, t, c) => sum + (t === -Infinity ? 0 : Math.exp(t) * (t - student[c]!)), 0);
      loss += weight * temperature ** 2 * divergence;
      slope = slope.map((s, c) => s + weight * temperature * (Math.exp(student[c]!) - Math.exp(target[c]!)));
    }
    slope.slice(-outputs).forEach((s, output) => {
      gradient[example * outputs + output] = s / examples;
    });
  }
  return { loss: loss / examples, gradient };
}

/** log softmax(z / temperature); the largest is subtracted first. */
function logSoftmax(z: readonly number[], temperature: number): number[] {
  const largest = Math.max(...z);
  const shifted = z.map((x) => (x - largest) / temperature);
  const logSum = Math.log(shifted.reduce((sum, x) => sum + Math.exp(x), 0));
  return shifted.map((x) => x - logSum);
}
