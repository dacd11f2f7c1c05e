import { jaccardScores, taxicabScores } from '#audit/distances.ts';
import type { AuditResult, Comparison, PopulationSummary } from '#audit/result.ts';
import { rankByScore } from '#audit/ranking.ts';
import { modalLabels } from '#audit/votes.ts';
import { categoricalColumn } from '#dataset/build.ts';
import type { Dataset } from '#dataset/dataset.ts';
import { stream } from '#lib/random.ts';
import type { EvidenceState } from '#store/state.ts';

const MEMBERS = 30;
const SIDE = 16;
const SPARSITIES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
const QUESTION = { target: 'Blond', positive: 'yes', attributes: ['Male', 'Young', 'Hat'], minCount: 30 };

/** A dataset of noise pictures with the evidence that the gallery needs, drawn from a seed: nothing is trained or estimated. */
export function drawnAudit(examples: number): {
  readonly dataset: Dataset;
  readonly evidence: Extract<EvidenceState, { kind: 'ready' }>;
} {
  const draw = stream(1, 'gallery bench');
  const yesNo = (name: string, share: number) =>
    categoricalColumn(
      name,
      Array.from({ length: examples }, () => (draw.next() < share ? 'yes' : 'no')),
    );
  const target = yesNo('Blond', 0.15);
  const attributes = [yesNo('Male', 0.42), yesNo('Young', 0.78), yesNo('Hat', 0.05)];
  const ids = Array.from({ length: examples }, (_, x) => `face-${String(x).padStart(6, '0')}`);
  const pixels = new Uint8Array(examples * SIDE * SIDE);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * 2_654_435_761) >>> 24;
  const hardness = Float64Array.from({ length: examples }, () => draw.next());
  const population = (name: string, shift: number): PopulationSummary => {
    const noise = stream(2, name);
    const votes = new Uint16Array(2 * examples);
    for (let x = 0; x < examples; x++) {
      const wrong = Math.min(1, Math.max(0, 20 * (hardness[x]! - 0.97 + shift) + 0.3 * (noise.next() - 0.5)));
      const votesWrong = Math.round(MEMBERS * wrong);
      const label = target.codes[x]!;
      votes[2 * x + label] = MEMBERS - votesWrong;
      votes[2 * x + 1 - label] = votesWrong;
    }
    const { modal, tied } = modalLabels(votes, 2, 'largest-class', noise);
    // The gallery reads nothing else of a population; intervals over 200,000 examples would take minutes.
    return { name, members: MEMBERS, votes, modal, tied } as unknown as PopulationSummary;
  };
  const baseline = population('baseline', 0);
  const comparisons = SPARSITIES.map((sparsity): Comparison => {
    const level = `pruned-${String(sparsity)}`;
    const compressed = population(level, 0.1 * sparsity);
    const isCie = Uint8Array.from(compressed.modal, (modal, x) => (modal === baseline.modal[x] ? 0 : 1));
    const indices = Uint32Array.from(ids, (_, x) => x).filter((x) => isCie[x] === 1);
    const scores = taxicabScores(baseline.votes, compressed.votes, 2, MEMBERS, MEMBERS);
    const known = {
      level,
      population: compressed,
      modalCie: { indices, isCie },
      taxicab: { scores, ranking: rankByScore(scores, MEMBERS * MEMBERS, stream(3, level)) },
      jaccard: { scores: jaccardScores(baseline.votes, compressed.votes, 2, MEMBERS, MEMBERS) },
    };
    return known as unknown as Comparison;
  });
  const audit = { classes: target.values, examples, baseline, comparisons } as unknown as AuditResult;
  return {
    dataset: {
      name: 'Noise',
      noun: ['face', 'faces'],
      origin: { kind: 'files', names: [] },
      ids,
      features: { kind: 'images', width: SIDE, height: SIDE, channels: 1, pixels },
      columns: [target, ...attributes],
      split: new Uint8Array(examples).fill(1),
      hash: 'gallery-bench',
      remarks: [],
      question: QUESTION,
    },
    evidence: {
      kind: 'ready',
      audit,
      examples: { ids, classes: target.values, labels: Uint16Array.from(target.codes), attributes },
      datasetIndices: Uint32Array.from(ids, (_, x) => x),
      complete: true,
      sizes: {},
      predictions: {},
    },
  };
}
