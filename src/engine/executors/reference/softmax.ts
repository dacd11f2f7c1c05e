export interface CrossEntropy {
  /** Mean over the examples, in nats. */
  readonly loss: number;
  /** Gradient of the mean loss, [example, class]. */
  readonly gradient: Float64Array;
}

/** Mean softmax cross-entropy of logits [example, class] against labels [example]; the largest logit is subtracted first. */
export function softmaxCrossEntropy(logits: Float64Array, labels: Uint16Array, classes: number): CrossEntropy {
  const examples = labels.length;
  const gradient = new Float64Array(logits.length);
  let loss = 0;
  for (let example = 0; example < examples; example++) {
    const row = example * classes;
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[row + c]!);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(logits[row + c]! - largest);
    const logSum = largest + Math.log(sum);
    const label = labels[example]!;
    loss += logSum - logits[row + label]!;
    for (let c = 0; c < classes; c++)
      gradient[row + c] = (Math.exp(logits[row + c]! - logSum) - (c === label ? 1 : 0)) / examples;
  }
  return { loss: loss / examples, gradient };
}
