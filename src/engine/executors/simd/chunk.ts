import type { ActivationQuantization, Chunk, ChunkSpec } from '#engine/executors/executor.ts';
import { isChain } from '#engine/executors/simd/chain.ts';
import { layoutChainPath } from '#engine/executors/simd/chain-path.ts';
import {
  requireExamples,
  requireFakeQuantization,
  requireLength,
  requireTargets,
} from '#engine/executors/simd/checks.ts';
import { createFakeRanges } from '#engine/executors/simd/fake-ranges.ts';
import type { Machine, MemberQuantization, PathLayout, ResidentData } from '#engine/executors/simd/member-path.ts';
import { createMemberVectors, vectorSizes } from '#engine/executors/simd/member-vectors.ts';
import { layoutBatchPath } from '#engine/executors/simd/whole-batch/batch-path.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import { embeddingPoint, type StepProgram } from '#engine/model/program.ts';

/** The path that runs a program. */
export function layoutPath(program: StepProgram, batchSize: number): PathLayout {
  return isChain(program) ? layoutChainPath(program, batchSize) : layoutBatchPath(program, batchSize);
}

/** Members that the kernels train one after the other. Throws a ProblemError with code `memory` where they do not fit. */
export function createSimdChunk(spec: ChunkSpec, machine: Machine, resident: () => ResidentData): Chunk {
  const { program, members, batchSize, optimizer } = spec;
  const { memory } = machine;
  const { outputs, parameterCount: count } = program;
  const points = program.ops.length + 1;
  requireLength('parameters', spec.parameters, members * count);
  const teacherLogits = (spec.distillation?.teacher.length ?? 0) / members;
  if (!Number.isInteger(teacherLogits / outputs))
    throw new RangeError("The teacher's logits do not divide among members and outputs.");
  const layout = layoutPath(program, batchSize);
  const sizes = vectorSizes(program, optimizer, teacherLogits);
  const bytes = layout.bytes + sizes.shared + members * sizes.member;
  const region = memory.reserve(bytes, `The weights and activations of ${String(members)} members`);
  const vectors = createMemberVectors(spec, memory, region + layout.bytes);
  const path = layout.start({ ...machine, spec, region, decay: vectors.decay });
  const fake = createFakeRanges(members, points);
  const losses = new Float32Array(members).fill(Number.NaN);
  let steps = 0;
  let alive = true;

  const eachMember = (job: (member: number) => void): void => {
    for (let member = 0; member < members; member++) job(member);
  };
  const refresh = (): void => {
    eachMember((member) => {
      path.refresh(vectors.address(member));
    });
  };
  const requireAlive = (): void => {
    if (!alive) throw new Error('The chunk was disposed of.');
  };
  const takeData = (indices: Int32Array): ResidentData => {
    requireAlive();
    const data = resident();
    requireExamples(program, data, indices);
    path.takeData(data);
    return data;
  };
  /** Values of a point for every member, [member, index, width]. */
  const valuesOf = (point: number, width: number, indices: Int32Array, quantization: ActivationQuantization) => {
    takeData(indices);
    const all = new Float32Array(members * indices.length * width);
    eachMember((member) => {
      path.prepare(vectors.address(member));
      path.values(indices, point, ofMember(quantization, member), (first, values) => {
        all.set(values, (member * indices.length + first) * width);
      });
    });
    return all;
  };

  vectors.setRaw(spec.parameters);
  refresh();

  return {
    members,
    step: (indices, learningRate, views = null) => {
      const batch = indices.length / members;
      if (!Number.isInteger(batch) || batch < 1 || batch > batchSize)
        throw new RangeError(`A step takes 1 to ${String(batchSize)} examples for each of ${String(members)} members.`);
      requireLength('learningRate', learningRate, members);
      if (views) requireLength('views', views, indices.length);
      requireTargets(spec, takeData(indices));
      steps++;
      const corrections =
        optimizer.kind === 'adam' ? ([1 - optimizer.beta1 ** steps, 1 - optimizer.beta2 ** steps] as const) : NONE;
      eachMember((member) => {
        const [from, to] = [member * batch, (member + 1) * batch];
        losses[member] = path.step({
          member: vectors.address(member),
          indices: indices.subarray(from, to),
          views: views && views.subarray(from, to),
          learningRate: learningRate[member]!,
          corrections,
          teacher: vectors.teacher(member),
          grids: fake.grids(member),
        });
        fake.move(member, path);
      });
    },
    loss: () => Promise.resolve(losses.slice()),
    parameters: () => {
      requireAlive();
      return Promise.resolve(vectors.raw());
    },
    setParameters: (parameters) => {
      requireAlive();
      requireLength('parameters', parameters, members * count);
      vectors.setRaw(parameters);
      refresh();
    },
    setMask: (mask) => {
      requireAlive();
      requireLength('mask', mask, members * count);
      vectors.setMask(mask);
      refresh();
    },
    setFakeQuantization: (quantization) => {
      requireAlive();
      if (quantization) requireFakeQuantization(program, members, quantization);
      fake.set(quantization);
    },
    fakeRanges: () => {
      requireAlive();
      return Promise.resolve(fake.ranges.slice());
    },
    logits: (indices, quantization) => {
      if (quantization.kind === 'fixed' && quantization.points.length !== members)
        throw new RangeError(`There must be quantization points for each of ${String(members)} members.`);
      return Promise.resolve(valuesOf(points - 1, outputs, indices, quantization));
    },
    embeddings: (indices) => {
      const width = shapeSize(program.ops.at(-1)!.in);
      return Promise.resolve(valuesOf(embeddingPoint(program), width, indices, { kind: 'none' }));
    },
    activationRanges: (indices) => {
      if (indices.length === 0) throw new RangeError('Activation ranges need at least one example.');
      takeData(indices);
      const ranges = new Float32Array(members * points * 2);
      eachMember((member) => {
        path.prepare(vectors.address(member));
        ranges.set(path.ranges(indices), member * points * 2);
      });
      return Promise.resolve(ranges);
    },
    save: () => {
      requireAlive();
      const saved = new Float32Array(vectors.savedLength + fake.ranges.length + 1);
      saved.set(vectors.save());
      saved.set(fake.ranges, vectors.savedLength);
      saved[saved.length - 1] = steps; // exact below 2^24 steps
      return Promise.resolve(saved);
    },
    restore: (saved) => {
      requireAlive();
      requireLength('state', saved, vectors.savedLength + fake.ranges.length + 1);
      vectors.restore(saved);
      fake.ranges.set(saved.subarray(vectors.savedLength, saved.length - 1));
      steps = saved[saved.length - 1]!;
      refresh();
    },
    dispose: () => {
      if (alive) memory.release(region);
      alive = false;
    },
  };
}

/** Bias corrections of an optimizer that has none. */
const NONE = [1, 1] as const;

function ofMember(quantization: ActivationQuantization, member: number): MemberQuantization {
  return quantization.kind === 'fixed' ? { kind: 'fixed', points: quantization.points[member]! } : quantization;
}
