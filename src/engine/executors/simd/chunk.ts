import type { ActivationQuantization, Chunk, ChunkSpec } from '#engine/executors/executor.ts';
import * as field from '#engine/executors/simd/fields.ts';
import { layoutChunk, writeTable } from '#engine/executors/simd/layout.ts';
import type { KernelMemory } from '#engine/executors/simd/memory.ts';
import type { Kernels } from '#engine/executors/simd/module.ts';
import { shapeSize } from '#engine/model/geometry.ts';

/** Data in the kernels' memory. */
export interface ResidentData {
  readonly inputs: number; // address
  readonly inputKind: 'bytes' | 'floats';
  readonly labels: number; // address of uint16 [example]
  readonly examples: number;
  /** Numbers of one example. */
  readonly inputSize: number;
  readonly greatestLabel: number;
}

/** As in step.ts of the kernels. */
const PREDICT = { asInAStep: 0, quantized: 1, ranges: 2 } as const;

/** Members that the kernels train one after the other. Throws a ProblemError with code `memory` where they do not fit. */
export function createSimdChunk(
  spec: ChunkSpec,
  kernels: Kernels,
  memory: KernelMemory,
  resident: () => ResidentData,
): Chunk {
  const { program, members, batchSize, optimizer } = spec;
  const count = program.parameterCount;
  const { classes } = program;
  const points = program.ops.length + 1;
  requireLength('parameters', spec.parameters, members * count);
  const layout = layoutChunk(program, members, batchSize, optimizer);
  const region = memory.reserve(layout.bytes, `The weights and activations of ${String(members)} members`);
  writeTable(layout, region, memory.ints(), memory.floats());
  const losses = new Float32Array(members).fill(Number.NaN);
  let steps = 0;
  let alive = true;

  const memberAddress = (member: number): number => region + layout.members + member * layout.memberStride;
  /** A parameter vector of a member: 0 raw, 1 mask, 2 effective, from 3 optimizer state. */
  const vectors = (member: number, first: number, length: number): Float32Array => {
    const start = memberAddress(member) / 4 + first * count;
    return memory.floats().subarray(start, start + length * count);
  };
  const eachMember = (job: (member: number) => void): void => {
    for (let member = 0; member < members; member++) job(member);
  };
  const refresh = (): void => {
    eachMember((member) => {
      kernels.refresh(region, memberAddress(member));
    });
  };
  const replace = (vector: number, values: Float32Array): void => {
    requireAlive();
    eachMember((member) => {
      vectors(member, vector, 1).set(values.subarray(member * count, (member + 1) * count));
    });
    refresh();
  };
  const requireAlive = (): void => {
    if (!alive) throw new Error('The chunk was disposed of.');
  };
  /** Points the table at the data and checks what the kernels do not: that every index and label is inside. */
  const pointAtData = (indices: Int32Array): void => {
    requireAlive();
    const data = resident();
    const wanted = shapeSize(program.input);
    if (data.inputSize !== wanted)
      throw new RangeError(
        `The model takes ${String(wanted)} numbers an example, the data have ${String(data.inputSize)}.`,
      );
    for (const example of indices)
      if (example < 0 || example >= data.examples)
        throw new RangeError(`There is no example ${String(example)}: the data hold ${String(data.examples)}.`);
    const table = memory.ints().subarray(region / 4, region / 4 + field.HEADER_WORDS);
    table[field.H_INPUT_KIND] = data.inputKind === 'bytes' ? 0 : 1;
    table[field.H_INPUTS] = data.inputs;
    table[field.H_LABELS] = data.labels;
  };
  const setIndices = (indices: Int32Array): void => {
    memory.ints().set(indices, (region + layout.indices) / 4);
  };
  const pointWord = (point: number, at: number): number =>
    region / 4 + layout.pointWord + point * field.POINT_WORDS + at;

  const markQuantization = (quantization: ActivationQuantization, member: number): void => {
    for (let point = 0; point < points; point++) {
      const fixed = quantization.kind === 'fixed' ? quantization.points[member]?.[point] : null;
      const dynamic = quantization.kind === 'dynamic' && quantization.ops[point] === true;
      memory.ints()[pointWord(point, field.P_QUANTIZATION)] = fixed ? 1 : dynamic ? 2 : 0;
      if (!fixed) continue;
      memory.floats()[pointWord(point, field.P_SCALE)] = fixed.scale;
      memory.floats()[pointWord(point, field.P_ZERO_POINT)] = fixed.zeroPoint;
    }
  };
  const predict = (indices: Int32Array, mode: 0 | 1 | 2, read: (first: number, logits: Float32Array) => void): void => {
    for (let first = 0; first < indices.length; first += layout.indexCapacity) {
      const some = indices.subarray(first, first + layout.indexCapacity);
      setIndices(some);
      const output = region + layout.logits;
      kernels.predict(region, region + layout.indices, some.length, mode, output);
      read(first, memory.floats().subarray(output / 4, output / 4 + some.length * classes));
    }
  };

  eachMember((member) => {
    vectors(member, 1, 1).fill(1);
  });
  replace(0, spec.parameters);

  return {
    members,
    step: (indices, learningRate) => {
      const batch = indices.length / members;
      if (!Number.isInteger(batch) || batch < 1 || batch > batchSize)
        throw new RangeError(`A step takes 1 to ${String(batchSize)} examples for each of ${String(members)} members.`);
      requireLength('learningRate', learningRate, members);
      pointAtData(indices);
      if (resident().greatestLabel >= classes)
        throw new RangeError(
          `The data have a label ${String(resident().greatestLabel)}, the model ${String(classes)} classes.`,
        );
      steps++;
      const first = optimizer.kind === 'adam' ? 1 - optimizer.beta1 ** steps : 1;
      const second = optimizer.kind === 'adam' ? 1 - optimizer.beta2 ** steps : 1;
      for (let member = 0; member < members; member++) {
        setIndices(indices.subarray(member * batch, (member + 1) * batch));
        const at = memberAddress(member);
        losses[member] = kernels.step(region, at, region + layout.indices, batch, learningRate[member]!, first, second);
      }
    },
    loss: () => Promise.resolve(losses.slice()),
    parameters: () => {
      requireAlive();
      const all = new Float32Array(members * count);
      eachMember((member) => {
        all.set(vectors(member, 0, 1), member * count);
      });
      return Promise.resolve(all);
    },
    setParameters: (parameters) => {
      requireLength('parameters', parameters, members * count);
      replace(0, parameters);
    },
    setMask: (mask) => {
      requireLength('mask', mask, members * count);
      replace(1, mask);
    },
    logits: (indices, quantization) => {
      if (quantization.kind === 'fixed' && quantization.points.length !== members)
        throw new RangeError(`There must be quantization points for each of ${String(members)} members.`);
      pointAtData(indices);
      const all = new Float32Array(members * indices.length * classes);
      eachMember((member) => {
        markQuantization(quantization, member);
        kernels.prepare(region, memberAddress(member));
        const mode = quantization.kind === 'none' ? PREDICT.asInAStep : PREDICT.quantized;
        predict(indices, mode, (first, logits) => {
          all.set(logits, (member * indices.length + first) * classes);
        });
      });
      return Promise.resolve(all);
    },
    activationRanges: (indices) => {
      if (indices.length === 0) throw new RangeError('Activation ranges need at least one example.');
      pointAtData(indices);
      const ranges = new Float32Array(members * points * 2);
      eachMember((member) => {
        markQuantization({ kind: 'none' }, member);
        for (let point = 0; point < points; point++)
          memory.floats().set([Infinity, -Infinity], pointWord(point, field.P_LEAST));
        kernels.prepare(region, memberAddress(member));
        predict(indices, PREDICT.ranges, () => undefined);
        for (let point = 0; point < points; point++) {
          const at = pointWord(point, field.P_LEAST);
          ranges.set(memory.floats().subarray(at, at + 2), (member * points + point) * 2);
        }
      });
      return Promise.resolve(ranges);
    },
    save: () => {
      requireAlive();
      const slots = layout.stateSlots;
      const saved = new Float32Array(members * (1 + slots) * count + 1);
      eachMember((member) => {
        saved.set(vectors(member, 0, 1), member * count);
        saved.set(vectors(member, 3, slots), (members + member * slots) * count);
      });
      saved[saved.length - 1] = steps; // exact below 2^24 steps
      return Promise.resolve(saved);
    },
    restore: (saved) => {
      requireAlive();
      const slots = layout.stateSlots;
      requireLength('state', saved, members * (1 + slots) * count + 1);
      eachMember((member) => {
        const from = (members + member * slots) * count;
        vectors(member, 0, 1).set(saved.subarray(member * count, (member + 1) * count));
        vectors(member, 3, slots).set(saved.subarray(from, from + slots * count));
      });
      steps = saved[saved.length - 1]!;
      refresh();
    },
    dispose: () => {
      if (alive) memory.release(region);
      alive = false;
    },
  };
}

function requireLength(what: string, array: Float32Array, length: number): void {
  if (array.length !== length)
    throw new RangeError(`The ${what} must have ${String(length)} numbers, not ${String(array.length)}.`);
}
