import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { auditRecord, memberResult, tinyDataset } from '#testing/records.ts';
import { MOST_EMBEDDING_BYTES, packBundle, unpackBundle, type Bundle } from './bundle.ts';

const bundle: Bundle = {
  record: auditRecord('a1'),
  dataset: tinyDataset(),
  members: [
    {
      ...memberResult('baseline', 0),
      probabilities: Uint16Array.of(1, 65_535),
      embeddings: { width: 2, values: Float32Array.of(0.5, 1, 0, -2) },
    },
    memberResult('pruned-0.9', 1),
  ],
  labels: [
    {
      uuid: 'u',
      auditId: 'a1',
      sequence: 1,
      time: '',
      reviewer: '=cmd()',
      exampleId: 's3',
      action: { kind: 'add', label: 'ambiguous' },
      undoes: null,
    },
  ],
};

test('a bundle comes back as it was packed', () => {
  expect(unpackBundle(packBundle(bundle), 'a.longtail.zip')).toEqual({ ok: true, value: bundle });
});

test('a manifest lies in it that says of every level what was done, with the updates of its mask', () => {
  const entry = unzipSync(packBundle(bundle))['manifest.json'];
  const manifest = JSON.parse(strFromU8(entry!)) as { levels: { maskUpdates: readonly object[] }[] };
  expect(manifest).toMatchObject({
    data: { hash: 'four-squares' },
    levels: [
      { level: 'baseline', members: 1, maskUpdates: [], sizes: bundle.members[0]!.sizes },
      { level: 'pruned-0.9', members: 1, sparsity: { planned: 0.9 }, tensors: bundle.members[1]!.tensors },
    ],
    members: [
      { level: 'baseline', member: 0 },
      { level: 'pruned-0.9', member: 1, accuracy: bundle.members[1]!.accuracy },
    ],
  });
  // Steps 1 to 9; at 5, halfway, 0.9 (1 - 0.5^3).
  expect(manifest.levels[1]!.maskUpdates).toHaveLength(9);
  expect(manifest.levels[1]!.maskUpdates[4]).toEqual({ step: 5, sparsity: 0.7875 });
});

test('embeddings are left out where they would be most of the file', () => {
  const [first, second] = bundle.members;
  const values = new Float32Array(MOST_EMBEDDING_BYTES / 4 + 1);
  const large = { ...bundle, members: [{ ...first!, embeddings: { width: 1, values } }, second!] };
  const { embeddings, ...rest } = first!;
  expect(unpackBundle(packBundle(large), 'a.longtail.zip')).toEqual({
    ok: true,
    value: { ...bundle, members: [rest, second] },
  });
});

test.each([
  ['text', strToU8('not a zip'), 'not a Longtail audit file'],
  ['another zip', zipSync({ 'a.txt': strToU8('hello') }), 'holds no Longtail audit'],
  [
    'a newer version',
    zipSync({ 'longtail.json': strToU8('{"format":"longtail-audit","schemaVersion":2}') }),
    'newer version',
  ],
  ['broken JSON', zipSync({ 'longtail.json': strToU8('{') }), 'cannot be read'],
  [
    'a manifest without an audit',
    zipSync({ 'longtail.json': strToU8('{"format":"longtail-audit","schemaVersion":1,"bundle":{}}') }),
    'parts of the audit are missing',
  ],
  [
    'a missing array',
    zipSync({
      'longtail.json': strToU8(
        '{"format":"longtail-audit","schemaVersion":1,"bundle":{"x":{"$typed":"Uint8Array","entry":"arrays/9.bin"}}}',
      ),
    }),
    'arrays/9.bin',
  ],
])('refuses %s with a sentence that names the file', (_what, bytes, why) => {
  const result = unpackBundle(bytes, 'given.zip');
  if (result.ok) throw new Error('was accepted');
  expect(result.problem.message).toContain('given.zip');
  expect(result.problem.message).toContain(why);
});

test('a cut file is refused', () => {
  const bytes = packBundle(bundle);
  expect(unpackBundle(bytes.subarray(0, bytes.length - 30), 'cut.zip').ok).toBe(false);
});

test('a name that would reach the prototype does no harm', () => {
  const json =
    '{"format":"longtail-audit","schemaVersion":1,"__proto__":{"polluted":true},"bundle":{"__proto__":{"record":{"id":"x","plan":{}}}}}';
  expect(unpackBundle(zipSync({ 'longtail.json': strToU8(json) }), 'x.zip').ok).toBe(false);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
