import { crc32, deflateSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const TRUECOLOUR_8_BIT = [8, 2, 0, 0, 0] as const;

/** So many pictures, a quarter of them to audit, one more that is cut off, and a table that names all of them. */
export function zipOfPictures(count: number): Buffer {
  const names = Array.from({ length: count }, (_, i) => `pictures/p${String(i)}.png`);
  const pictures = names.map((_, i) =>
    png(24, [10 * (i % 20), 90, 120], [i % 2 === 0 ? 250 : 20, (5 * i) % 256, 40], 4 + (i % 17)),
  );
  const rows = names.map((name, i) =>
    [name, i % 2 === 0 ? 'bright' : 'dark', (i >> 1) % 4 < 3 ? 'train' : 'test', i % 3 === 0 ? 'f' : 'm'].join(','),
  );
  const table = ['image,label,split,sex', ...rows, 'pictures/broken.png,dark,train,f'].join('\n');
  return Buffer.from(
    zipSync({
      ...Object.fromEntries(names.map((name, i) => [name, pictures[i]!])),
      'pictures/broken.png': pictures[0]!.subarray(0, 60),
      'table.csv': strToU8(table),
    }),
  );
}

/** A PNG of `side` x `side` pixels in one colour with a square of another one in it, so that no two need look alike. */
function png(side: number, ground: readonly number[], figure: readonly number[], square: number): Uint8Array {
  const rows = Array.from({ length: side }, (_, y) => [
    0, // not filtered
    ...Array.from({ length: side }, (_, x) => (x < square && y < square ? figure : ground)).flat(),
  ]);
  const size = [side >>> 24, side >>> 16, side >>> 8, side].map((byte) => byte & 255);
  return Uint8Array.from([
    ...SIGNATURE,
    ...chunk('IHDR', Uint8Array.from([...size, ...size, ...TRUECOLOUR_8_BIT])),
    ...chunk('IDAT', deflateSync(Uint8Array.from(rows.flat()))),
    ...chunk('IEND', new Uint8Array()),
  ]);
}

/** Length, type, data and the CRC of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
