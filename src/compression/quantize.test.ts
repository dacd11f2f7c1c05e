import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activationGrid,
  perChannelScales,
  quantizeActivation,
  quantizeBias,
  quantizeWeights,
  symmetricScale,
} from '#compression/quantize.ts';

const real = fc.double({ min: -1e4, max: 1e4, noNaN: true });

describe('weights', () => {
  it('are rounded to 127 steps of the largest magnitude by hand', () => {
    const weights = Float32Array.of(-127, 0.5, -0.5, 1.4, 0);
    quantizeWeights(weights, Float32Array.of(symmetricScale(weights)));
    expect([...weights]).toEqual([-127, 1, -1, 1, 0]);
  });

  it('have a scale per output channel, the fastest index', () => {
    const weights = Float32Array.of(127, 0.254, -3.2, 0.0112); // channels (127, -3.2) and (0.254, 0.0112)
    const scales = perChannelScales(weights, 2);
    expect(scales[0]).toBe(1);
    expect(scales[1]).toBeCloseTo(0.002, 9);
    quantizeWeights(weights, scales);
    expect(weights[2]).toBe(-3);
    expect(weights[3]).toBeCloseTo(0.012, 7); // 5.6 steps
  });

  it('are off by at most half a scale, never more than the largest, and 0 stays 0', () => {
    fc.assert(
      fc.property(fc.array(real, { minLength: 1, maxLength: 30 }), (numbers) => {
        const before = Float32Array.from([...numbers, 0]);
        const scale = symmetricScale(before);
        const after = before.slice();
        quantizeWeights(after, Float32Array.of(scale));
        after.forEach((w, i) => {
          expect(Math.abs(w - before[i]!)).toBeLessThanOrEqual(scale * 0.50002);
          expect(Math.abs(Math.round(w / scale))).toBeLessThanOrEqual(127);
        });
        expect(after.at(-1)).toBe(0);
        const again = after.slice();
        quantizeWeights(again, Float32Array.of(scale));
        expect(again).toEqual(after);
      }),
    );
  });

  it('of nothing but zeros have scale 1, and those that are not finite are refused', () => {
    expect(symmetricScale(new Float32Array(3))).toBe(1);
    expect(() => symmetricScale(Float32Array.of(1, Number.NaN))).toThrow(/not finite/);
    expect(() => symmetricScale(Float32Array.of(-Infinity))).toThrow(/not finite/);
  });

  it('carry biases in steps of input scale x weight scale', () => {
    const bias = Float32Array.of(0.26, -0.26, 1e30);
    quantizeBias(bias, 0.5, Float32Array.of(0.25, 0.5, 1));
    expect([...bias]).toEqual([0.25, -0.25, Math.fround((2 ** 31 - 1) * 0.5)]);
  });
});

describe('activations', () => {
  it('have the grid that gemmlowp works out', () => {
    expect(activationGrid(0, 255)).toEqual({ scale: 1, zeroPoint: -128 });
    expect(activationGrid(-128, 127)).toEqual({ scale: 1, zeroPoint: 0 });
    expect(activationGrid(-255, 0)).toEqual({ scale: 1, zeroPoint: 127 });
    expect(activationGrid(-1, 1)).toEqual({ scale: Math.fround(2 / 255), zeroPoint: -1 }); // -0.5 away from zero
  });

  it('have 0 in their range although it was not seen', () => {
    expect(activationGrid(51, 255)).toEqual({ scale: 1, zeroPoint: -128 });
    expect(activationGrid(-255, -51)).toEqual({ scale: 1, zeroPoint: 127 });
    expect(activationGrid(0, 0)).toEqual({ scale: 1, zeroPoint: 0 });
  });

  it('represent 0 exactly, err by at most half a scale inside the grid, and are clipped outside', () => {
    fc.assert(
      fc.property(real, real, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, part) => {
        const grid = activationGrid(Math.min(a, b), Math.max(a, b));
        expect(Number.isInteger(grid.zeroPoint) && Math.abs(grid.zeroPoint + 0.5) <= 127.5).toBe(true);
        expect(quantizeActivation(0, grid)).toBe(0);
        const low = (-128 - grid.zeroPoint) * grid.scale;
        const high = (127 - grid.zeroPoint) * grid.scale;
        const x = low + part * (high - low);
        expect(Math.abs(quantizeActivation(x, grid) - x)).toBeLessThanOrEqual(grid.scale * 0.50001);
        expect(quantizeActivation(high + 1e6, grid)).toBe(high);
        expect(quantizeActivation(low - 1e6, grid)).toBe(low);
        // nudging the zero point moves the range that was seen by half a scale at most
        if (a !== b)
          expect(Math.max(low - Math.min(a, b, 0), Math.max(a, b, 0) - high)).toBeLessThanOrEqual(grid.scale * 0.51);
      }),
    );
  });

  it('that are not finite or the wrong way round are refused', () => {
    expect(() => activationGrid(Number.NaN, 1)).toThrow(/cannot be quantized/);
    expect(() => activationGrid(0, Infinity)).toThrow(/cannot be quantized/);
    expect(() => activationGrid(2, 1)).toThrow(/cannot be quantized/);
  });
});
