import type { Dataset } from '#dataset/dataset.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import type { AuditRecord } from '#storage/records.ts';

/** Small records for tests of what keeps them. */
export function tinyDataset(): Dataset {
  return {
    name: 'Four squares',
    noun: ['square', 'squares'],
    origin: { kind: 'files', names: ['squares.zip'] },
    ids: ['s1', 's2', 's3', 's4'],
    features: {
      kind: 'images',
      width: 2,
      height: 2,
      channels: 1,
      pixels: Uint8Array.from({ length: 16 }, (_, i) => i * 16),
    },
    columns: [
      { name: 'label', values: ['dark', 'light'], codes: Int16Array.of(0, 1, 0, 1) },
      { name: 'side', values: ['left', 'right'], codes: Int16Array.of(0, 0, 1, -1) },
    ],
    split: Uint8Array.of(0, 0, 1, 1),
    hash: 'four-squares',
    remarks: [],
    question: { target: 'label', positive: 'light', attributes: ['side'], minCount: 1 },
  };
}

export function tinyPlan(): Plan {
  return {
    schemaVersion: 1,
    dataset: { name: 'Four squares', hash: 'four-squares' },
    question: { target: 'label', positive: 'light', attributes: ['side'], minCount: 1 },
    model: { kind: 'cnn-small', filters: [4], dense: [4] },
    members: 3,
    steps: 10,
    batchSize: 2,
    learningRate: 0.01,
    optimizer: { kind: 'sgd', momentum: 0.9 },
    seed: 1,
    levels: [{ kind: 'pruned', semantics: 'hooker', sparsity: 0.9, begin: 1, end: 9, every: 1 }],
  };
}

export function auditRecord(id: string): AuditRecord {
  return {
    schemaVersion: 1,
    id,
    name: 'Four squares, “label”',
    createdAt: '2026-01-01T00:00:00Z',
    status: 'done',
    plan: tinyPlan(),
    planned: 6,
    datasetHash: 'four-squares',
    admission: null,
  };
}

export function memberResult(level: string, index: number, predictions: readonly number[] = [0, 1]): MemberResult {
  return {
    key: { level, index },
    spec: level === 'baseline' ? { kind: 'baseline' } : tinyPlan().levels[0]!,
    predictions: Uint16Array.from(predictions),
    accuracy: 0.5,
    lossCurve: Float32Array.of(1, 0.7, 10, 0.5),
    diverged: false,
    sparsity: {
      planned: 0.9,
      achieved: 0.9,
      wholeModel: 0.5,
    },
    tensors: [
      {
        name: 'conv1/kernel',
        size: 36,
        plannedSparsity: 0.9,
        achievedSparsity: 32 / 36,
        quantization: null,
        sizes: { denseBytes: 144, gzipBytes: 60, sparseBytes: 64, int8Bytes: 52, int8GzipBytes: 40 },
        rule: 'pruned by itself: the smallest magnitudes of the tensor are removed',
      },
    ],
    activations: [],
    sizes: { denseBytes: 400, sparseBytes: 80, int8Bytes: 100 },
    durationMs: 12,
    backend: 'reference',
    weights: Float32Array.of(0.5, -0.25, 0, 1),
  };
}
