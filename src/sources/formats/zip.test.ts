import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Result } from '#lib/result.ts';
import { bytesSource } from './byte-source.ts';
import { crc32 } from './crc32.ts';
import { isLeftover, namesOf, safePath } from './file-names.ts';
import { readZipDirectory, readZipEntry, type ZipDirectory } from './zip.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const list = (bytes: Uint8Array): Promise<Result<ZipDirectory>> => readZipDirectory(bytesSource(bytes), 'a.zip');
async function directoryOf(bytes: Uint8Array): Promise<ZipDirectory> {
  const found = await list(bytes);
  if (!found.ok) throw new Error(found.problem.message);
  return found.value;
}
async function reading(bytes: Uint8Array, path: string, limit = 1e6): Promise<string> {
  const read = await readZipEntry(bytesSource(bytes), (await directoryOf(bytes)).entries.get(path)!, limit);
  return read.ok ? new TextDecoder().decode(read.value) : read.problem.message;
}
/** Where the bytes of a signature begin, the last of them. */
const lastAt = (bytes: Uint8Array, signature: readonly number[]): number => {
  for (let at = bytes.length - 4; at >= 0; at--) if (signature.every((byte, i) => bytes[at + i] === byte)) return at;
  throw new Error('no such signature');
};
const central = (bytes: Uint8Array): number => lastAt(bytes, [0x50, 0x4b, 1, 2]);

describe('a zip', () => {
  it('gives back stored and deflated files, without folders and leftovers', async () => {
    const long = 'abc'.repeat(50_000);
    const bytes = zipSync({
      'a/b.txt': [text(long), { level: 9 }],
      'c.txt': [text('plain'), { level: 0 }],
      'a/': new Uint8Array(0),
      '__MACOSX/x': text(''),
    });
    const { entries, ignored, refused } = await directoryOf(bytes);
    expect([[...entries.keys()], ignored, refused]).toEqual([['a/b.txt', 'c.txt'], ['__MACOSX/x'], []]);
    expect(await reading(bytes, 'a/b.txt')).toBe(long);
    expect(await reading(bytes, 'c.txt')).toBe('plain');
  });

  it('refuses names that lead elsewhere, one by one', async () => {
    const names = ['../up.png', '/etc/passwd', 'C:\\x.png', 'a\u0000b.png', '__proto__/x.png', 'good.png'];
    const files = Object.fromEntries(
      names.map((name) => [name === '__proto__/x.png' ? 'x/__proto__' : name, text('x')]),
    );
    const { entries, refused } = await directoryOf(zipSync(files));
    expect([...entries.keys()]).toEqual(['good.png']);
    expect(refused.map((file) => file.reason)).toEqual([
      'its name leads out of the folder',
      'its name is an absolute path',
      'its name is an absolute path',
      'its name holds control characters',
      'its name is reserved',
    ]);
  });

  it('refuses the second file of a name, encrypted files and unknown methods', async () => {
    const twice = zipSync({ 'a.txt': text('first'), './a.txt': text('second') });
    expect((await directoryOf(twice)).refused).toEqual([
      { name: './a.txt', reason: 'a file of the same name came before it' },
    ]);
    expect(await reading(twice, 'a.txt')).toBe('first');
    const encrypted = zipSync({ 'a.txt': text('x') });
    encrypted[central(encrypted) + 8]! |= 1;
    expect((await directoryOf(encrypted)).refused[0]?.reason).toBe('it is encrypted');
    const odd = zipSync({ 'a.txt': text('x') });
    odd[central(odd) + 10] = 12;
    expect((await directoryOf(odd)).refused[0]?.reason).toContain('deflate');
  });

  it('stops at a bomb by its declared size, and at a lying size while inflating', async () => {
    const bomb = zipSync({ 'a.png': [new Uint8Array(20_000_000), { level: 9 }] });
    expect(await reading(bomb, 'a.png', 5e6)).toContain('larger than 5 MB');
    const at = central(bomb);
    new DataView(bomb.buffer, bomb.byteOffset).setUint32(at + 24, 1000, true);
    expect(await reading(bomb, 'a.png', 5e6)).toContain('its size is not what the zip says');
  });

  it('notices a wrong checksum, damaged data and a cut end', async () => {
    const bytes = zipSync({ 'a.txt': [text('hello world'), { level: 0 }] });
    const flipped = bytes.slice();
    flipped[30 + 5 + 2]! ^= 1;
    expect(await reading(flipped, 'a.txt')).toContain('its checksum is wrong');
    const packed = zipSync({ 'a.txt': [text('hello '.repeat(100)), { level: 9 }] });
    packed.fill(0xff, 36, 44);
    expect(await reading(packed, 'a.txt')).toMatch(/its size is not what|checksum/);
    expect(await list(bytes.subarray(0, bytes.length - 30))).toMatchObject({
      ok: false,
      problem: { code: 'zip-broken' },
    });
    expect(await list(text('not a zip at all'))).toMatchObject({ ok: false, problem: { file: 'a.zip' } });
    expect(await list(new Uint8Array(0))).toMatchObject({ ok: false });
  });

  it('does not follow a list or an entry out of the file', async () => {
    const bytes = zipSync({ 'a.txt': text('x') });
    const data = new DataView(bytes.buffer, bytes.byteOffset);
    const end = lastAt(bytes, [0x50, 0x4b, 5, 6]);
    const elsewhere = bytes.slice();
    new DataView(elsewhere.buffer).setUint32(end + 16, 1e9, true);
    expect(await list(elsewhere)).toMatchObject({ ok: false, problem: { code: 'zip-broken' } });
    data.setUint32(central(bytes) + 42, 1e9, true);
    expect(await reading(bytes, 'a.txt')).toContain('outside of the zip');
    const many = zipSync({ 'a.txt': text('x') });
    new DataView(many.buffer, many.byteOffset).setUint16(lastAt(many, [0x50, 0x4b, 5, 6]) + 10, 500, true);
    expect(await list(many)).toMatchObject({ ok: false });
  });

  it('reads a zip64 end and wide sizes', async () => {
    const bytes = zipSync({ 'a.txt': [text('hello'), { level: 0 }] });
    const at = central(bytes);
    const end = lastAt(bytes, [0x50, 0x4b, 5, 6]);
    const record = bytes.slice(at, end);
    const extra = new DataView(new ArrayBuffer(28));
    extra.setUint16(0, 1, true);
    extra.setUint16(2, 24, true);
    extra.setBigUint64(4, 5n, true);
    extra.setBigUint64(12, 5n, true);
    extra.setBigUint64(20, 0n, true);
    const head = new DataView(record.buffer);
    for (const field of [20, 24, 42]) head.setUint32(field, 0xffffffff, true);
    head.setUint16(30, 28, true);
    const end64 = new DataView(new ArrayBuffer(56 + 20 + 22));
    end64.setUint32(0, 0x06064b50, true);
    end64.setBigUint64(32, 1n, true);
    end64.setBigUint64(40, BigInt(record.length + 28), true);
    end64.setBigUint64(48, BigInt(at), true);
    end64.setUint32(56, 0x07064b50, true);
    end64.setBigUint64(64, BigInt(at + record.length + 28), true);
    end64.setUint32(76, 0x06054b50, true);
    end64.setUint16(86, 0xffff, true);
    const wide = new Uint8Array([
      ...bytes.subarray(0, at),
      ...record,
      ...new Uint8Array(extra.buffer),
      ...new Uint8Array(end64.buffer),
    ]);
    expect(await reading(wide, 'a.txt')).toBe('hello');
  });
});

describe('file names', () => {
  it('are made safe or refused', () => {
    expect(safePath('.\\a//b\\./c.png')).toEqual({ path: 'a/b/c.png' });
    expect(safePath('a/../b')).toHaveProperty('refused');
    expect(safePath('./')).toHaveProperty('refused');
    expect(safePath(`${'x'.repeat(1001)}`)).toHaveProperty('refused');
  });
  it('are known under their path and name, with and without extension', () => {
    expect(namesOf('Img/A.b.JPG')).toEqual(['img/a.b.jpg', 'img/a.b', 'a.b.jpg', 'a.b']);
    expect(['.DS_Store', 'x/Thumbs.db', '__MACOSX/a.png', 'a/._b.jpg', 'thumbs.png'].map(isLeftover)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });
});

it('computes the CRC-32 of the standard check string', () => {
  expect(crc32(text('123456789'))).toBe(0xcbf43926);
});
