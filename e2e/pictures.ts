import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const TRUECOLOUR_8_BIT = [8, 2, 0, 0, 0] as const;

/** A PNG of `side` x `side` pixels in one colour with a square of another one in it, so that no two need look alike. */
export function png(side: number, ground: readonly number[], figure: readonly number[], square: number): Uint8Array {
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
