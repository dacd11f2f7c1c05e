import type { AuditExamples, Population, PredictionTable } from './predictions.ts';

/** Who is called positive at another threshold than a half. */

/**
 * The table were everything called positive whose probability code is at least `code`; by its class where there are two, of
 * more the rest is one class. Throws where a population has no probabilities.
 */
export function tableAtThreshold(table: PredictionTable, positive: string, code: number): PredictionTable {
  const examples = twoClasses(table.examples, positive);
  const index = examples.classes.indexOf(positive);
  const at = (population: Population): Population => {
    const { name, members, probabilities } = population;
    if (probabilities === undefined) throw new Error(`population "${name}" has no probabilities`);
    return { name, members, predictions: predictionsAtThreshold(probabilities, code, index) };
  };
  return { examples, baseline: at(table.baseline), compressed: table.compressed.map(at) };
}

/** [member, example] `positive` (0 or 1) from `code` on, else the other of the two classes. */
export function predictionsAtThreshold(probabilities: Uint16Array, code: number, positive: number): Uint8Array {
  return Uint8Array.from(probabilities, (own) => (own >= code ? positive : 1 - positive));
}

/** The examples with two classes, the positive one and the rest; as they are where there are two. */
export function twoClasses(examples: AuditExamples, positive: string): AuditExamples {
  if (examples.classes.length === 2) return examples;
  const index = examples.classes.indexOf(positive);
  // After the rest in the order of the classes, so that a tie goes to the positive class, as largest-class does.
  return {
    ...examples,
    classes: [`not ${positive}`, positive],
    labels: examples.labels.map((label) => (label === index ? 1 : 0)),
  };
}
