import { audit } from '#audit/audit.ts';
import type { AuditExamples, Population } from '#audit/predictions.ts';
import { categoricalColumn } from '#dataset/build.ts';
import type { Dataset } from '#dataset/dataset.ts';
import { stream } from '#lib/random.ts';
import type { EvidenceState } from '#store/state.ts';

type Ready = Extract<EvidenceState, { kind: 'ready' }>;

/** What is predicted, in the proportions of CelebA's first rows: blond, male, young; hats are rare. */
export interface EvidenceRecipe {
  readonly examples: number;
  readonly members: number;
  /** Level to how much harder it makes what is already hard; 0 changes nothing but the seed. */
  readonly levels: Readonly<Record<string, number>>;
  readonly complete?: boolean;
  readonly minCount?: number;
}

/** The evidence that the audit finds in drawn predictions. The rarer the group of a blond example, the more often it is missed. */
export function readyEvidence(recipe: EvidenceRecipe): Ready {
  const draw = stream(7, 'examples');
  const rows = Array.from({ length: recipe.examples }, () => {
    const male = draw.next() < 0.42;
    const young = draw.next() < (male ? 0.64 : 0.88);
    const blond = draw.next() < (male ? 0.02 : 0.24);
    return { male, young, blond, hat: draw.next() < 0.05, hardness: draw.next() };
  });
  const yes = (of: (row: (typeof rows)[number]) => boolean): readonly string[] =>
    rows.map((row) => (of(row) ? 'yes' : 'no'));
  const target = categoricalColumn(
    'Blond',
    yes((row) => row.blond),
  );
  const examples: AuditExamples = {
    ids: rows.map((_, i) => `f${String(i)}`),
    classes: target.values,
    labels: Uint16Array.from(target.codes),
    attributes: [
      categoricalColumn(
        'Male',
        yes((row) => row.male),
      ),
      categoricalColumn(
        'Young',
        yes((row) => row.young),
      ),
      categoricalColumn(
        'Hat',
        yes((row) => row.hat),
      ),
    ],
  };
  const population = (name: string, strength: number): Population => {
    const predictions = new Uint16Array(recipe.members * rows.length);
    for (let member = 0; member < recipe.members; member++) {
      const noise = stream(11, name, member);
      rows.forEach((row, x) => {
        const rare = row.male && !row.young ? 2.5 : row.hat ? 1.5 : row.blond ? 1 : 0.2;
        // A steep slope over a hidden hardness: members agree on most examples, and compression moves the slope where it is rare.
        const slope = 80 * (row.hardness - 0.96 + 0.05 * strength * rare);
        const wrong = noise.next() < 1 / (1 + Math.exp(-slope));
        predictions[member * rows.length + x] = wrong ? 1 - examples.labels[x]! : examples.labels[x]!;
      });
    }
    return { name, members: Array.from({ length: recipe.members }, (_, i) => String(i)), predictions };
  };
  const baseline = population('baseline', 0);
  const compressed = Object.entries(recipe.levels).map(([name, strength]) => population(name, strength));
  const populations = [baseline, ...compressed];
  return {
    kind: 'ready',
    audit: audit(
      { examples, baseline, compressed },
      {
        positive: 'yes',
        tieRule: 'largest-class',
        seed: 1,
        percentiles: [90, 95, 99],
        minCount: recipe.minCount ?? 30,
      },
    ),
    examples,
    datasetIndices: Uint32Array.from(rows, (_, i) => i),
    complete: recipe.complete ?? true,
    sizes: Object.fromEntries(
      populations.map(({ name }) => {
        const achievedSparsity = name.startsWith('pruned-') ? Number(name.slice(7)) : 0;
        const sparseBytes = achievedSparsity === 0 ? 83_000 : 83_000 * (1 - achievedSparsity) * 1.5 + 1000;
        return [
          name,
          {
            ...{ denseBytes: 82_000, gzipBytes: 76_000, sparseBytes, int8Bytes: 21_000, int8GzipBytes: 17_000 },
            achievedSparsity,
          },
        ];
      }),
    ),
    predictions: Object.fromEntries(
      populations.map(({ name, members, predictions }) => [name, { members, predictions: predictions as Uint16Array }]),
    ),
  };
}

/** The dataset that ready evidence could have come from: its examples and attributes, asked who is blond. */
export function readyDataset({ examples }: Pick<Ready, 'examples'>): Dataset {
  return {
    name: 'Faces',
    noun: ['face', 'faces'],
    origin: { kind: 'files', names: [] },
    ids: examples.ids,
    features: { kind: 'table', numeric: [], categorical: [] },
    columns: [
      categoricalColumn(
        'Blond',
        [...examples.labels].map((code) => examples.classes[code]!),
      ),
      ...examples.attributes,
    ],
    split: new Uint8Array(examples.ids.length).fill(1),
    hash: 'abc',
    remarks: [],
    question: { target: 'Blond', positive: 'yes', attributes: ['Male', 'Young', 'Hat'], minCount: 30 },
  };
}
