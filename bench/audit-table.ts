import type { Population, PredictionTable } from '#audit/predictions.ts';
import { stream } from '#lib/random.ts';

export const MEMBERS = 30;
export const LEVELS = [0, 0.1, 0.2, 0.4, 0.6, 1, 1.5, 2]; // how much harder each level makes what is hard
export const ATTRIBUTES = 40;

/** Predictions of populations that err on about one example in twenty, mostly on the same ones. */
export function drawTable(examples: number): PredictionTable {
  const random = stream(1, 'bench-audit');
  const labels = Uint16Array.from({ length: examples }, () => (random.next() < 0.15 ? 1 : 0));
  const hardness = Float64Array.from({ length: examples }, () => random.next() ** 8);
  const attributes = Array.from({ length: ATTRIBUTES }, (_, a) => {
    const share = 0.02 + (0.5 * a * a) / ATTRIBUTES ** 2;
    return {
      name: `a${String(a)}`,
      values: ['0', '1'],
      codes: Int16Array.from({ length: examples }, () => (random.next() < share ? 1 : 0)),
    };
  });
  const members = Array.from({ length: MEMBERS }, (_, k) => String(k));
  const population = (name: string, harder: number): Population => {
    const predictions = new Uint8Array(MEMBERS * examples);
    for (let k = 0, at = 0; k < MEMBERS; k++) {
      for (let x = 0; x < examples; x++, at++) {
        const chance = hardness[x]! > 0.05 ? hardness[x]! * (0.4 + 0.1 * harder) : 0;
        const errs = chance > 0 && random.next() < chance;
        predictions[at] = errs ? 1 - labels[x]! : labels[x]!;
      }
    }
    return { name, members, predictions };
  };
  return {
    examples: { ids: Array.from({ length: examples }, (_, x) => String(x)), classes: ['0', '1'], labels, attributes },
    baseline: population('baseline', 0),
    compressed: LEVELS.map((harder, i) => population(`level-${String(i + 1)}`, harder)),
  };
}
