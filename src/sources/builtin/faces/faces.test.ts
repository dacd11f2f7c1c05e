import { describe, expect, it } from 'vitest';
import { SPLIT_TRAIN } from '#dataset/dataset.ts';
import { columnOf } from '#dataset/build.ts';
import { photographFace } from './camera.ts';
import { BLACK, WHITE, hex, mix, ramp } from './colour.ts';
import { drawFace } from './draw.ts';
import { drawFaces, type FacesOptions, type UnhashedDataset } from './faces.ts';
import { faceParameters } from './parameters.ts';
import { createRaster, fillPolygon, maskOf, strokeLine } from './raster.ts';
import { drawTraits, JOINT_SHARES } from './traits.ts';
import { stream } from '#lib/random.ts';

function drawn(options: FacesOptions): UnhashedDataset {
  const steps = drawFaces(options);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

describe('the rasteriser', () => {
  const coverage = (points: readonly number[], size = 4): number[] => [...maskOf(createRaster(size, BLACK), points)];

  it('covers a rectangle exactly, in either direction of its outline', () => {
    const expected = [0, 0, 0, 0, 0, 0.5, 0.25, 0, 0, 1, 0.5, 0, 0, 0, 0, 0];
    expect(coverage([1, 1.5, 2.5, 1.5, 2.5, 3, 1, 3])).toEqual(expected);
    expect(coverage([1, 3, 2.5, 3, 2.5, 1.5, 1, 1.5])).toEqual(expected);
  });
  it('covers half of the pixels on the diagonal of a triangle, and adds up to its area', () => {
    const mask = coverage([0, 0, 4, 4, 0, 4]);
    expect([mask[0], mask[5], mask[10], mask[15]]).toEqual([0.5, 0.5, 0.5, 0.5]);
    expect(mask.reduce((a, b) => a + b)).toBeCloseTo(8, 5);
    const flat = coverage([0.3, 1.1, 3.7, 1.4, 3.1, 2.9]);
    expect(flat.reduce((a, b) => a + b)).toBeCloseTo(0.5 * Math.abs(3.4 * 1.8 - 0.3 * 2.8), 4);
  });
  it('cuts what lies outside the picture, without a trace in the next shape', () => {
    const raster = createRaster(4, BLACK);
    expect([...maskOf(raster, [-9, -9, 9, -9, 9, 9, -9, 9])]).toEqual(new Array(16).fill(1));
    expect([...maskOf(raster, [7, 1, 9, 1, 9, 3, 7, 3])]).toEqual(new Array(16).fill(0));
    expect([...maskOf(raster, [-9, 1, 2, 1, 2, 2, -9, 2])]).toEqual([
      0,
      0,
      0,
      0,
      1,
      1,
      ...new Array<number>(10).fill(0),
    ]);
    expect(raster.areas.every((area) => area === 0)).toBe(true);
  });
  it('mixes a colour in by coverage and alpha', () => {
    const raster = createRaster(2, BLACK);
    fillPolygon(raster, [0, 0, 1, 0, 1, 2, 0, 2], WHITE, 0.5);
    expect([...raster.rgb.subarray(0, 6)]).toEqual([127.5, 127.5, 127.5, 0, 0, 0]);
  });
  it('draws a thin line faint and a thick one full', () => {
    const thin = createRaster(8, BLACK);
    strokeLine(thin, [0, 4.5, 8, 4.5], 0.4, WHITE);
    expect(thin.rgb[(4 * 8 + 4) * 3]).toBeCloseTo(0.4 * 255, 3);
    const thick = createRaster(8, BLACK);
    strokeLine(thick, [0, 4.5, 8, 4.5], 3, WHITE);
    expect([2, 3, 4, 5, 6].map((y) => thick.rgb[(y * 8 + 4) * 3])).toEqual([0, 255, 255, 255, 0]);
  });
});

describe('colours', () => {
  it('are read, mixed and taken from a ramp that holds at its ends', () => {
    expect(hex('#0a10ff')).toEqual([10, 16, 255]);
    expect(mix([0, 100, 200], [100, 0, 200], 0.25)).toEqual([25, 75, 200]);
    const stops = [
      [0, BLACK],
      [0.5, WHITE],
      [1, BLACK],
    ] as const;
    expect([-1, 0.25, 0.5, 2].map((t) => ramp(stops, t)[0])).toEqual([0, 127.5, 255, 0]);
  });
});

describe('a face', () => {
  it('is the same bytes for the same seed and index, and another for others', () => {
    const bytes = (seed: number, index: number): Uint8Array => {
      const out = new Uint8Array(3 + 32 * 32 * 3);
      photographFace(faceParameters(seed, index), seed, index, out, 3);
      return out;
    };
    expect(bytes(1, 7)).toEqual(bytes(1, 7));
    expect(bytes(1, 7)).not.toEqual(bytes(1, 8));
    expect(bytes(1, 7)).not.toEqual(bytes(2, 7));
    expect([...bytes(1, 7).subarray(0, 3)]).toEqual([0, 0, 0]); // nothing before the offset
  });
  it('is drawn at any size, the large one like the small one', () => {
    const face = faceParameters(3, 11);
    const large = drawFace(face, 128);
    const small = drawFace(face, 32);
    expect(large.length).toBe(128 * 128 * 3);
    let difference = 0;
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++) {
        let sum = 0;
        for (let i = 0; i < 16; i++) sum += large[((y * 4 + (i >> 2)) * 128 + x * 4 + (i & 3)) * 3]!;
        difference += Math.abs(sum / 16 - small[(y * 32 + x) * 3]!);
      }
    }
    expect(difference / 1024).toBeLessThan(3);
    expect(() => drawFace(face, 0)).toThrow(RangeError);
    expect(() => drawFace(face, 1e6)).toThrow(RangeError);
  });
  it('has the hair that it is said to have: blond is lighter and yellower on the whole', () => {
    const mean = (blond: boolean): number[] => {
      const hair = Array.from({ length: 2000 }, (_, i) => faceParameters(5, i)).filter((f) => f.traits.blond === blond);
      return [0, 2].map((c) => hair.reduce((sum, face) => sum + face.hair[c as 0 | 2], 0) / hair.length);
    };
    const [blondRed = 0, blondBlue = 0] = mean(true);
    const [otherRed = 0] = mean(false);
    expect(blondRed - otherRed).toBeGreaterThan(80);
    expect(blondRed - blondBlue).toBeGreaterThan(40);
  });
});

describe('the traits', () => {
  const count = 20_000;
  const traits = Array.from({ length: count }, (_, i) => drawTraits(stream(9, 'test', i)));

  it('keep the joint shares of blond, male and young within four standard errors', () => {
    expect(JOINT_SHARES.reduce((sum, cell) => sum + cell.share, 0)).toBeCloseTo(1, 10);
    for (const { share, blond, male, young } of JOINT_SHARES) {
      const seen = traits.filter((t) => t.blond === blond && t.male === male && t.young === young).length / count;
      expect(Math.abs(seen - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / count));
    }
    expect(traits.filter((t) => t.blond && t.male).length / count).toBeLessThan(0.012);
  });
  it('never put a beard on a woman or grey hair on the young, or waves on a bald head', () => {
    expect(traits.some((t) => t.beard && !t.male)).toBe(false);
    expect(traits.some((t) => t.grey && (t.young || t.blond))).toBe(false);
    expect(traits.some((t) => t.bald && (t.wavy || t.fringe))).toBe(false);
  });
});

describe('the faces dataset', () => {
  it('is repeatable, split 60 to 40, with columns that tell the truth about each face', () => {
    const data = drawn({ seed: 2, count: 55 });
    expect(drawn({ seed: 2, count: 55 })).toEqual(data);
    expect(data.split.filter((part) => part === SPLIT_TRAIN).length).toBe(33);
    expect(new Set(data.ids).size).toBe(55);
    const blond = columnOf({ ...data, hash: '' }, 'Blond')!;
    expect(blond.values).toEqual(['no', 'yes']);
    expect([...blond.codes]).toEqual(data.ids.map((_, i) => Number(faceParameters(2, i).traits.blond)));
    expect(data.remarks.join(' ')).toContain('The faces are drawn, not photographed.');
  });
});
