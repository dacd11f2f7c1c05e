import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedInt8 } from '#compression/post-training.ts';
import type { WeightBits } from '#compression/quantize.ts';
import { createReferenceExecutor } from '#engine/executors/reference/executor.ts';
import { forward } from '#engine/executors/reference/forward.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { foldParameters, foldedProgram } from '#engine/model/fold.ts';
import { multiplyByQuantizedMultiplier, quantizedMultiplier, truncatedMean } from '#testing/integer-arithmetic.ts';
import { integerReference } from '#testing/integer-reference.ts';
import { netBuilder } from '#testing/net-builder.ts';
import { SMALL_PROGRAMS, countUpTo, randomData, randomParameters } from '#testing/small-nets.ts';

describe('the arithmetic', () => {
  it('writes a factor as a multiplier and a shift', () => {
    expect(quantizedMultiplier(1)).toEqual({ multiplier: 2 ** 30, shift: 1 });
    expect(quantizedMultiplier(0.375)).toEqual({ multiplier: 0.75 * 2 ** 31, shift: -1 });
    expect(quantizedMultiplier(1 - 2 ** -40)).toEqual({ multiplier: 2 ** 30, shift: 1 });
    expect(quantizedMultiplier(2 ** -40)).toEqual({ multiplier: 0, shift: 0 });
  });

  it('rounds twice: to the nearest, halves up, and then halves away from zero', () => {
    const by = (factor: number) => (x: number) => multiplyByQuantizedMultiplier(x, quantizedMultiplier(factor));
    expect([1, 3, -1, -3, 100].map(by(0.5))).toEqual([1, 2, 0, -1, 50]);
    expect([2, -2, 6, -6, 5, -5].map(by(0.25))).toEqual([1, -1, 2, -2, 2, -1]); // 5 halved is 3, and then 2
    expect([7, -7].map(by(3))).toEqual([21, -21]);
    expect(() => by(2 ** 20)(2 ** 13)).toThrow(/no int32/);
  });

  it('is within one of the real product', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.double({ min: 1e-9, max: 1, noNaN: true }), (x, factor) => {
        const product = multiplyByQuantizedMultiplier(x, quantizedMultiplier(factor));
        expect(Math.abs(product - x * factor)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('takes means with halves away from zero', () => {
    expect(
      [
        [3, 2],
        [-3, 2],
        [5, 4],
        [6, 4],
        [-6, 4],
        [0, 4],
      ].map(([sum, n]) => truncatedMean(sum!, n!) + 0),
    ).toEqual([2, -2, 1, 2, -2, 0]);
  });
});

const layer = fc.record({
  kind: fc.constantFrom('conv' as const, 'maxpool' as const, 'avgpool' as const, 'residual' as const),
  filters: fc.integer({ min: 1, max: 6 }),
  kernel: fc.integer({ min: 1, max: 3 }),
  stride: fc.constantFrom(1 as const, 2 as const),
  relu: fc.boolean(),
  bias: fc.boolean(),
});
/** Small networks of every kind of operation that a fixed-point member can have. */
const anyNet: fc.Arbitrary<StepProgram> = fc
  .record({
    height: fc.integer({ min: 3, max: 7 }),
    width: fc.integer({ min: 3, max: 7 }),
    channels: fc.integer({ min: 1, max: 3 }),
    layers: fc.array(layer, { maxLength: 5 }),
    end: fc.constantFrom('global' as const, 'hidden' as const, 'none' as const),
    classes: fc.integer({ min: 2, max: 4 }),
  })
  .map(({ height, width, channels, layers, end, classes }) => {
    const net = netBuilder([height, width, channels]);
    let [side, depth, point] = [Math.min(height, width), channels, 0];
    for (const { kind, filters, ...options } of layers) {
      if (kind === 'residual') {
        const last = net.conv({ ...options, filters: depth, stride: 1 });
        point = net.add(point, { from: last, relu: options.relu });
      } else if (kind === 'conv') {
        point = net.conv({ filters, ...options });
        [depth, side] = [filters, Math.ceil(side / options.stride)];
      } else if (side >= 2) {
        point = net.pool(kind, 2);
        side = Math.floor(side / 2);
      }
    }
    if (end === 'global') net.globalPool();
    if (end === 'hidden') net.dense(5, { relu: true });
    return net.program(classes);
  });

const anySeed = fc.integer({ min: 0, max: 1e6 });
const CALIBRATION = 12;
const EXAMPLES = 24; // the second half was not calibrated on, and may be clipped

/** Both ways to run a fixed-point member: the float simulation and integers. */
async function bothWays(trained: StepProgram, seed: number, bits: WeightBits = 8) {
  const program = foldedProgram(trained);
  const parameters = foldParameters(trained, program, Float32Array.from(randomParameters(trained, seed)));
  const data = randomData(program, EXAMPLES, seed);
  const executor = createReferenceExecutor();
  executor.load(data);
  const optimizer = { kind: 'sgd', momentum: 0 } as const;
  const chunk = executor.createChunk({ program, members: 1, batchSize: EXAMPLES, optimizer, parameters });
  const member = fixedInt8(program, parameters, await chunk.activationRanges(countUpTo(CALIBRATION)), bits);
  const input = Float64Array.from(data.inputs.data);
  const mode = { training: false, grids: member.points };
  const { points } = forward(program, Float64Array.from(member.parameters), input, mode);
  const integers = integerReference(program, member);
  const shapes = [program.input, ...program.ops.map(({ out }) => out)];
  /** The integers of an example at a point of the simulation. */
  const simulated = (example: number, point: number): Int32Array => {
    const size = shapeSize(shapes[point]!);
    const { scale, zeroPoint } = integers.grid(point);
    return Int32Array.from(
      points[point]!.subarray(example * size, (example + 1) * size),
      (value) => Math.round(value / scale) + zeroPoint,
    );
  };
  return { program, input, integers, simulated };
}

const between = (a: Int32Array, b: Int32Array): number[] => Array.from(a, (value, i) => Math.abs(value - b[i]!));

/**
 * Distances in steps: of every operation's output where it is given the very integers of the simulation, and of the logits where
 * the whole network runs in integers.
 */
async function distances(program: StepProgram, seed: number, bits?: WeightBits) {
  const { program: folded, input, integers, simulated } = await bothWays(program, seed, bits);
  const found: { readonly operations: number[]; readonly logits: number[] } = { operations: [], logits: [] };
  const size = shapeSize(folded.input);
  for (let example = 0; example < EXAMPLES; example++) {
    const own = [integers.input(input.subarray(example * size, (example + 1) * size))];
    expect(own[0]).toEqual(simulated(example, 0));
    folded.ops.forEach((_, index) => {
      const one = integers.run(index, (point) => simulated(example, point));
      found.operations.push(...between(one, simulated(example, index + 1)));
      own.push(integers.run(index, (point) => own[point]!));
    });
    found.logits.push(...between(own.at(-1)!, simulated(example, folded.ops.length)));
  }
  return found;
}

describe('fixed-int8, simulated in float, and the integers of TensorFlow Lite', () => {
  it.each(SMALL_PROGRAMS)('are within one step at every output of every operation: %s', async (_, program) => {
    expect(Math.max(...(await distances(program, 5)).operations)).toBeLessThanOrEqual(1);
  });

  it('are within one step at every output of every operation of random small networks', async () => {
    await fc.assert(
      fc.asyncProperty(anyNet, anySeed, fc.constantFrom(8, 4, 2), async (net, seed, bits) => {
        expect(Math.max(...(await distances(net, seed, bits)).operations)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });

  it('are within one step at most logits of whole networks, where a step of one layer is carried to the next', async () => {
    const logits: number[] = [];
    await fc.assert(
      fc.asyncProperty(anyNet, anySeed, async (net, seed) => {
        logits.push(...(await distances(net, seed)).logits);
      }),
      { numRuns: 100, seed: 7 },
    );
    expect(logits.filter((distance) => distance <= 1).length / logits.length).toBeGreaterThan(0.95);
  });
});
