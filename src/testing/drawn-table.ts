import type { PredictionTable } from '#audit/predictions.ts';
import { stream } from '#lib/random.ts';

/** 300 examples, 5 members a population, two attributes with missing values. */
export function drawnTable(levels: readonly string[]): PredictionTable {
  const random = stream(1, 'analysis-test');
  const labels = Uint16Array.from({ length: 300 }, () => random.int(2));
  const population = (name: string, errs: number) => ({
    name,
    members: ['0', '1', '2', '3', '4'],
    predictions: Uint8Array.from({ length: 5 * 300 }, (_, i) =>
      random.next() < errs ? 1 - labels[i % 300]! : labels[i % 300]!,
    ),
  });
  return {
    examples: {
      ids: Array.from(labels, (_, x) => `e${String(x)}`),
      classes: ['0', '1'],
      labels,
      attributes: ['A', 'B'].map((name) => ({
        name,
        values: ['x', 'y'],
        codes: Int16Array.from(labels, () => random.int(3) - 1),
      })),
    },
    baseline: population('baseline', 0.2),
    compressed: levels.map((name, i) => population(name, 0.25 + 0.05 * i)),
  };
}
