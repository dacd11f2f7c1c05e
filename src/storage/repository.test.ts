import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import type { MemberLimit } from '#engine/protocol/limit.ts';
import type { Race } from '#engine/protocol/race.ts';
import { memoryKeyValue, openIndexedDb, type KeyValue } from './key-value.ts';
import { auditRecord, memberResult, tinyDataset } from '#testing/records.ts';
import { createRepository } from './repository.ts';

const stores: readonly (readonly [string, () => Promise<KeyValue>])[] = [
  ['IndexedDB', openIndexedDb],
  ['memory', () => Promise.resolve(memoryKeyValue())],
];

/** What a member says beyond the class. */
const SAID = {
  probabilities: Uint16Array.of(7, 65_000),
  embeddings: { width: 2, values: Float32Array.of(1, 2, 3, 4) },
};

describe.each(stores)('the repository over %s', (name, open) => {
  const id = (text: string): string => `${name}-${text}`;

  test('gives back what was kept, with its typed arrays', async () => {
    const repository = createRepository(await open());
    const dataset = tinyDataset();
    await repository.saveDataset(dataset);
    expect(await repository.dataset(dataset.hash)).toEqual(dataset);
    const result = memberResult('pruned-0.9', 2);
    await repository.saveAudit(auditRecord(id('a')));
    await repository.saveMembers(id('a'), [result]);
    expect(await repository.members(id('a'))).toEqual([result]);
  });

  test('keeps probabilities and embeddings apart from the members, and gives all back together', async () => {
    const repository = createRepository(await open());
    const [first, second] = [memberResult('baseline', 0), memberResult('pruned-0.9', 0)];
    await repository.saveMembers(id('b'), [{ ...first, ...SAID }, second]);
    expect(await repository.members(id('b'))).toEqual([first, second]);
    expect(await repository.probabilities(id('b'))).toEqual([{ key: first.key, probabilities: SAID.probabilities }]);
    expect(await repository.embeddings(id('b'))).toEqual(SAID.embeddings);
    expect(await repository.wholeMembers(id('b'))).toEqual([{ ...first, ...SAID }, second]);
    expect(await repository.embeddings(id('none'))).toBeNull();
    const large = { width: 3, values: Float32Array.from({ length: 3 * 400_000 }, (_, i) => i) };
    await repository.saveMembers(id('large'), [{ ...first, embeddings: large }]);
    const back = await repository.embeddings(id('large'));
    expect(back?.width).toBe(3);
    expect(Buffer.compare(new Uint8Array(back!.values.buffer), new Uint8Array(large.values.buffer))).toBe(0);
  });

  test('keeps pixels in parts, gives them back whole, and nothing where a part is gone', async () => {
    const store = await open();
    const repository = createRepository(store);
    const pixels = Uint8Array.from({ length: 4 * 1500 * 1500 }, (_, i) => i % 251);
    const tiny = tinyDataset();
    const dataset = {
      ...tiny,
      hash: id('large'),
      features: { kind: 'images', width: 1500, height: 1500, channels: 1, pixels } as const,
    };
    await repository.saveDataset(dataset);
    expect(await store.count('datasets', `${dataset.hash}/`)).toBe(2);
    const back = await repository.dataset(dataset.hash);
    expect(back?.features.kind === 'images' && Buffer.compare(back.features.pixels, pixels)).toBe(0);
    await store.remove('datasets', `${dataset.hash}/000001`);
    expect(await repository.dataset(dataset.hash)).toBeNull();
  });

  test('lists audits newest first, with how many members and labels they have', async () => {
    const repository = createRepository(await open());
    await repository.saveAudit({ ...auditRecord(id('old')), createdAt: '2020-01-01T00:00:00Z' });
    await repository.saveAudit({ ...auditRecord(id('new')), createdAt: '2030-01-01T00:00:00Z' });
    await repository.saveMembers(id('new'), [memberResult('baseline', 0)]);
    await repository.saveMembers(id('new'), [memberResult('baseline', 1)]);
    await repository.saveMembers(id('new'), [memberResult('baseline', 1)]);
    const audits = (await repository.audits()).filter((audit) => [id('old'), id('new')].includes(audit.id));
    expect(audits.map((audit) => [audit.id, audit.members])).toEqual([
      [id('new'), 2],
      [id('old'), 0],
    ]);
  });

  test('counts the examples that have a label, not the decisions that led there', async () => {
    const repository = createRepository(await open());
    await repository.saveAudit(auditRecord(id('labelled')));
    const decide = (sequence: number, exampleId: string, kind: 'add' | 'remove', undoes: string | null = null) =>
      repository.appendLabels([
        {
          uuid: `d${String(sequence)}`,
          auditId: id('labelled'),
          sequence,
          time: '',
          reviewer: 'Ana',
          exampleId,
          action: { kind, label: 'a' },
          undoes,
        },
      ]);
    await decide(1, 'x', 'add');
    await decide(2, 'y', 'add');
    await decide(3, 'y', 'remove', 'd2');
    const audits = await repository.audits();
    expect(audits.find((audit) => audit.id === id('labelled'))?.labels).toBe(1);
  });

  test('leaves out a record of a newer schema and does not touch it', async () => {
    const store = await open();
    await store.put('audits', id('future'), { ...auditRecord(id('future')), schemaVersion: 2 });
    const repository = createRepository(store);
    expect((await repository.audits()).some((audit) => audit.id === id('future'))).toBe(false);
    expect(await store.get('audits', id('future'))).toMatchObject({ schemaVersion: 2 });
  });

  test('deletes an audit with its members and labels, and its data only when no other audit needs them', async () => {
    const repository = createRepository(await open());
    const dataset = { ...tinyDataset(), hash: id('hash') };
    await repository.saveDataset(dataset);
    for (const one of ['one', 'two']) {
      await repository.saveAudit({ ...auditRecord(id(one)), datasetHash: dataset.hash });
      await repository.saveMembers(id(one), [{ ...memberResult('baseline', 0), ...SAID }]);
    }
    await repository.deleteAudit(id('one'));
    expect(await repository.members(id('one'))).toEqual([]);
    expect(await repository.probabilities(id('one'))).toEqual([]);
    expect(await repository.embeddings(id('one'))).toBeNull();
    expect(await repository.dataset(dataset.hash)).not.toBeNull();
    await repository.deleteAudit(id('two'));
    expect(await repository.dataset(dataset.hash)).toBeNull();
  });

  test('keeps the last checkpoint of each chunk until its first member is done or its audit is deleted', async () => {
    const repository = createRepository(await open());
    const checkpoint = (index: number, step: number): Checkpoint => ({
      members: [
        { level: 'baseline', index },
        { level: 'pruned-0.9', index },
      ],
      fits: 'this',
      step,
      chunk: Float32Array.of(1, 2, step),
      folded: false,
      masks: Uint8Array.of(1, 0),
      orders: [{ stream: [1, 2], position: 3 }],
      views: [[4, 5]],
      curves: [[1, 0.5]],
      diverged: [false],
      losses: Float32Array.of(0.5),
      elapsedMs: 7,
    });
    await repository.saveCheckpoint(id('c'), checkpoint(0, 10));
    await repository.saveCheckpoint(id('c'), checkpoint(0, 20));
    await repository.saveCheckpoint(id('c'), checkpoint(1, 5));
    expect(await repository.checkpoints(id('c'))).toEqual([checkpoint(0, 20), checkpoint(1, 5)]);
    await repository.deleteCheckpoint(id('c'), { level: 'baseline', index: 0 });
    await repository.deleteCheckpoint(id('c'), { level: 'pruned-0.9', index: 1 });
    expect(await repository.checkpoints(id('c'))).toEqual([checkpoint(1, 5)]);
    await repository.deleteAudit(id('c'));
    expect(await repository.checkpoints(id('c'))).toEqual([]);
  });

  test('keeps one race for each program and device', async () => {
    const repository = createRepository(await open());
    const race = (device: string, memberStepsPerSecond: number): Race => ({
      program: 'p',
      device,
      racers: [{ backend: 'simd', memberStepsPerSecond }],
    });
    for (const one of [race('a', 1), race('b', 2), race('a', 3)]) await repository.saveRace(one);
    expect(await repository.races()).toEqual([race('a', 3), race('b', 2)]);
  });

  test('keeps one limit for each program and device', async () => {
    const repository = createRepository(await open());
    const limit = (device: string, members: number): MemberLimit => ({ program: 'p', device, members });
    for (const one of [limit('a', 4), limit('b', 8), limit('a', 2)]) await repository.saveLimit(one);
    expect(await repository.limits()).toEqual([limit('a', 2), limit('b', 8)]);
  });

  test('keeps label events in the order of their sequence numbers', async () => {
    const repository = createRepository(await open());
    const event = (sequence: number) =>
      ({
        uuid: `u${String(sequence)}`,
        auditId: id('l'),
        sequence,
        time: '',
        reviewer: 'Ana',
        exampleId: 'x',
        action: { kind: 'add', label: 'a' },
        undoes: null,
      }) as const;
    for (const sequence of [10, 2, 1]) await repository.appendLabels([event(sequence)]);
    expect((await repository.labels(id('l'))).map((label) => label.sequence)).toEqual([1, 2, 10]);
  });
});
