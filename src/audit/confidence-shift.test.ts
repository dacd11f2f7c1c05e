import { expect, test } from 'vitest';
import { codeOfProbability } from '#lib/log-odds.ts';
import { readyEvidence } from '#testing/ready-evidence.ts';
import { meanProbabilities, shiftOfMeans, shiftOfVotes } from './confidence-shift.ts';
import { runSteps } from './steps.ts';

const codes = (...probabilities: number[]): Uint16Array => Uint16Array.from(probabilities, codeOfProbability);

test('the shift is between means over members, whichever way it goes', () => {
  const baseline = runSteps(meanProbabilities(codes(0.1, 0.9, 0.3, 0.7), 2));
  const compressed = runSteps(meanProbabilities(codes(0.6, 0.8), 1));
  expect(baseline[0]).toBeCloseTo(0.2, 3);
  const { by, shift } = shiftOfMeans(baseline, compressed);
  expect(by).toBe('probability');
  expect(shift[0]).toBeCloseTo(0.4, 3);
  expect(shift[1]).toBeCloseTo(0, 3);
});

test('of two classes the shift of votes is half the Taxicab score', () => {
  const { audit, examples } = readyEvidence({ examples: 200, members: 5, levels: { 'pruned-0.9': 1 } });
  const { population, taxicab } = audit.comparisons[0]!;
  for (const positive of [0, 1]) {
    const { shift } = shiftOfVotes(audit.baseline, population, examples.classes.length, positive);
    shift.forEach((own, x) => {
      expect(own).toBeCloseTo(taxicab.scores[x]! / 2, 6);
    });
  }
});
