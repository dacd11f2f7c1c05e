import type { PlanFacts } from '#engine/model/presets.ts';

/** Few drawn faces, 32 x 32 in colour. */
export const FACES_FACTS: PlanFacts = {
  dataset: { name: 'Drawn faces', hash: 'abc' },
  question: { target: 'Blond', positive: '1', attributes: ['Male', 'Young'], minCount: 20 },
  kind: 'images',
  input: [32, 32, 3],
  classes: 2,
  examples: 600,
  trainExamples: 400,
  auditExamples: 200,
};
