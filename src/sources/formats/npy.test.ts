import { describe, expect, it } from 'vitest';
import { readNpy, readNpyFloats, writeNpy } from './npy.ts';

/** A .npy file from its header as text and its body. */
function npy(header: string, body: readonly number[], version = 1): Uint8Array<ArrayBuffer> {
  const text = [...header].map((char) => char.charCodeAt(0));
  const length = version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.from([
    0x93,
    ...[...'NUMPY'].map((char) => char.charCodeAt(0)),
    version,
    0,
    ...length,
    ...text,
    ...body,
  ]);
}
const header = (type: string, shape = '(2, 3)', order = 'False') =>
  `{'descr': ${type}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
const six = [0, 1, 2, 3, 4, 5];

describe('a NumPy matrix', () => {
  it.each([
    ['uint8', npy(header("'|u1'"), six)],
    ['uint8 in format 2', npy(header("'|u1'"), six, 2)],
    [
      'little-endian uint16',
      npy(
        header("'<u2'"),
        six.flatMap((n) => [n, 0]),
      ),
    ],
    [
      'big-endian uint16',
      npy(
        header("'>u2'"),
        six.flatMap((n) => [0, n]),
      ),
    ],
  ])('is read from %s', (_, bytes) => {
    const read = readNpy(bytes, 'P.npy');
    if (!read.ok) throw new Error(read.problem.message);
    expect([read.value.rows, read.value.columns, ...read.value.data]).toEqual([2, 3, ...six]);
  });

  it('is read where it lies at an odd place of a larger buffer', () => {
    const bytes = npy(
      header("'<u2'"),
      six.flatMap((n) => [n, 1]),
    );
    const read = readNpy(Uint8Array.from([9, ...bytes]).subarray(1), 'P.npy');
    expect(read.ok && [...read.value.data]).toEqual(six.map((n) => n + 256));
  });

  it.each([
    ['Fortran order', npy(header("'|u1'", '(2, 3)', 'True'), six), 'Fortran'],
    ['the default int64', npy(header("'<i8'"), []), '"<i8", expected uint8 or uint16'],
    ['signed bytes', npy(header("'|i1'"), six), 'expected uint8'],
    ['objects', npy(header("'|O'"), six), 'expected uint8'],
    ['a record type', npy(header("[('a', '|u1')]"), six), 'expected uint8'],
    ['one dimension', npy(header("'|u1'", '(6,)'), six), 'expected two dimensions'],
    ['three dimensions', npy(header("'|u1'", '(1, 2, 3)'), six), 'expected two dimensions'],
    ['too few bytes', npy(header("'|u1'"), [1]), '1 bytes follow the header, expected 6'],
    ['too many bytes', npy(header("'|u1'"), [...six, 6]), 'expected 6'],
    ['an immense shape', npy(header("'|u1'", '(99999999999, 99999999999)'), six), 'bytes follow'],
    ['a header that is code', npy('__import__("os").system("true")', six), 'cannot be read'],
    [
      'a header that claims more than there is',
      Uint8Array.from([0x93, 78, 85, 77, 80, 89, 2, 0, 255, 255, 255, 255]),
      'claims',
    ],
    ['a newer version', npy(header("'|u1'"), six, 9), 'expected 1, 2 or 3'],
    ['another file', new TextEncoder().encode('population,member\n'), 'no NumPy file'],
    ['nothing', new Uint8Array(), 'no NumPy file'],
  ])('is refused with %s', (_, bytes, says) => {
    const read = readNpy(bytes, 'P.npy');
    expect(read.ok ? '' : read.problem.message).toContain(says);
  });

  it('comes back as it was written, its data aligned to 64 bytes', () => {
    for (const data of [Uint8Array.from(six), Uint16Array.from(six, (n) => n * 1000)]) {
      const bytes = writeNpy({ rows: 3, columns: 2, data });
      expect((bytes.length - data.byteLength) % 64).toBe(0);
      expect(readNpy(bytes, 'P.npy')).toEqual({ ok: true, value: { rows: 3, columns: 2, data } });
    }
  });

  it('of numbers is read from float32 and float64, and no other type', () => {
    for (const data of [Float32Array.of(0, 0.25, 1, -1e-3, NaN, 7), Float64Array.of(0, 0.1, 1, 1e-300, 5, 6)]) {
      const bytes = writeNpy({ rows: 2, columns: 3, data });
      expect(readNpyFloats(bytes, 'Q.npy')).toEqual({ ok: true, value: { rows: 2, columns: 3, data } });
    }
    const big = npy(header("'>f4'", '(1, 1)'), [0x3f, 0, 0, 0]);
    expect(readNpyFloats(big, 'Q.npy')).toMatchObject({ value: { data: Float32Array.of(0.5) } });
    const half = readNpyFloats(npy(header("'<f2'", '(1, 1)'), [0, 0]), 'Q.npy');
    expect(half.ok ? '' : half.problem.message).toContain('"<f2", expected float32 or float64');
  });
});
