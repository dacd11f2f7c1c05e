import type { Plan } from '#engine/model/plan.ts';
import type { RunData } from '#engine/protocol/run.ts';
import { stream } from '#lib/random.ts';

/** A run that is over in a moment, for tests: 8x8 grey images, bright above or bright below, a few of them noise. */
export function tinyData(examples = 96): RunData {
  const random = stream(5, 'tiny-run');
  const pixels = new Uint8Array(examples * 64);
  const labels = new Uint16Array(examples);
  for (let example = 0; example < examples; example++) {
    const label = random.int(2);
    labels[example] = label;
    const contrast = random.next() < 0.1 ? 0 : 15 + random.int(60);
    for (let i = 0; i < 64; i++) {
      const bright = i < 32 === (label === 1);
      pixels[example * 64 + i] = 60 + random.int(70) + (bright ? contrast : 0);
    }
  }
  const all = Uint32Array.from({ length: examples }, (_, i) => i);
  return {
    training: { inputs: { kind: 'bytes', data: pixels }, labels, examples },
    input: [8, 8, 1],
    classes: ['below', 'above'],
    trainIndices: all.filter((i) => i % 3 !== 0),
    auditIndices: all.filter((i) => i % 3 === 0),
  };
}

export function tinyPlan(changes: Partial<Plan> = {}): Plan {
  return {
    schemaVersion: 1,
    dataset: { name: 'Tiny', hash: '' },
    question: { target: 'where', positive: 'above', attributes: [], minCount: 1 },
    model: { kind: 'cnn-small', filters: [4, 8], dense: [8] },
    members: 2,
    steps: 24,
    batchSize: 8,
    learningRate: 0.05,
    optimizer: { kind: 'sgd', momentum: 0.9 },
    seed: 3,
    levels: [
      { kind: 'pruned', semantics: 'hooker', sparsity: 0.5, begin: 2, end: 20, every: 3 },
      { kind: 'pruned', semantics: 'hooker', sparsity: 0.9, begin: 2, end: 20, every: 3 },
      { kind: 'hybrid-int8', tensors: 'all' },
      { kind: 'fixed-int8', calibration: 10 },
    ],
    ...changes,
  };
}
