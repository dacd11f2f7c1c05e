import type { ChunkSpec } from '#engine/executors/executor.ts';
import type { KernelMemory } from '#engine/executors/simd/memory.ts';
import type { OptimizerSpec } from '#engine/model/plan.ts';
import { isWeighted, type StepProgram } from '#engine/model/program.ts';

const ALIGNMENT = 64;
const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Optimizer state vectors of a member: none for plain SGD, momentum, or Adam's two moments. */
export function stateSlots(optimizer: OptimizerSpec): number {
  if (optimizer.kind === 'adam') return 2;
  return optimizer.momentum === 0 ? 0 : 1;
}

/** Sizes in bytes of what the members of a chunk hold. */
export interface VectorSizes {
  /** What all members share: the weight decay of every parameter, where there is any. */
  readonly shared: number;
  readonly member: number;
}

/** teacherLogits: numbers of one member's teacher, 0 without distillation. */
export function vectorSizes(program: StepProgram, optimizer: OptimizerSpec, teacherLogits: number): VectorSizes {
  const vector = program.parameterCount * 4;
  return {
    shared: hasDecay(optimizer) ? align(vector) : 0,
    member: align((3 + stateSlots(optimizer)) * vector) + align(teacherLogits * 4),
  };
}

function hasDecay(optimizer: OptimizerSpec): boolean {
  return (optimizer.weightDecay ?? 0) !== 0;
}

/**
 * What the members of a chunk hold in the kernels' memory, whichever path steps them: raw | mask | effective (raw x mask) |
 * optimizer state, each a vector of `parameterCount`, then the teacher's logits. Masks are 1 and state is 0 at the start.
 */
export interface MemberVectors {
  /** Address of the weight decay of every parameter, 0 at all but kernels; 0: there is none. */
  readonly decay: number;
  /** Address of a member's vectors. */
  address(member: number): number;
  /** Address of its teacher's logits [example, output]; 0 without distillation. */
  teacher(member: number): number;
  /** All raw parameters, [member, parameterCount]. */
  raw(): Float32Array;
  setRaw(parameters: Float32Array): void;
  setMask(mask: Float32Array): void;
  /** Raw parameters and optimizer state in one array. */
  save(): Float32Array;
  /** Takes back what `save` returned. */
  restore(saved: Float32Array): void;
  /** Length of what `save` returns. */
  readonly savedLength: number;
}

/** Puts the vectors at `region`, zeroed memory of the size that `vectorSizes` tells for one member, times members, plus `shared`. */
export function createMemberVectors(spec: ChunkSpec, memory: KernelMemory, region: number): MemberVectors {
  const { program, members, optimizer, distillation } = spec;
  const count = program.parameterCount;
  const slots = stateSlots(optimizer);
  const teacherLogits = distillation ? distillation.teacher.length / members : 0;
  const sizes = vectorSizes(program, optimizer, teacherLogits);
  const decay = sizes.shared === 0 ? 0 : region;
  const address = (member: number): number => region + sizes.shared + member * sizes.member;
  const teacher = (member: number): number => address(member) + align((3 + slots) * count * 4);
  /** Vectors of a member from number `first` on: 0 raw, 1 mask, 2 effective, from 3 optimizer state. */
  const vectors = (member: number, first: number, length: number): Float32Array => {
    const start = address(member) / 4 + first * count;
    return memory.floats().subarray(start, start + length * count);
  };
  const eachMember = (job: (member: number) => void): void => {
    for (let member = 0; member < members; member++) job(member);
  };
  const savedLength = members * (1 + slots) * count;

  if (decay !== 0)
    for (const { offset, kernelSize } of program.ops.filter(isWeighted))
      memory.floats().fill(optimizer.weightDecay!, decay / 4 + offset, decay / 4 + offset + kernelSize);
  eachMember((member) => {
    vectors(member, 1, 1).fill(1);
    if (distillation)
      memory
        .floats()
        .set(distillation.teacher.subarray(member * teacherLogits, (member + 1) * teacherLogits), teacher(member) / 4);
  });

  return {
    decay,
    address,
    teacher: (member) => (distillation ? teacher(member) : 0),
    raw: () => {
      const all = new Float32Array(members * count);
      eachMember((member) => {
        all.set(vectors(member, 0, 1), member * count);
      });
      return all;
    },
    setRaw: (parameters) => {
      eachMember((member) => {
        vectors(member, 0, 1).set(parameters.subarray(member * count, (member + 1) * count));
      });
    },
    setMask: (mask) => {
      eachMember((member) => {
        vectors(member, 1, 1).set(mask.subarray(member * count, (member + 1) * count));
      });
    },
    savedLength,
    save: () => {
      const saved = new Float32Array(savedLength);
      eachMember((member) => {
        saved.set(vectors(member, 0, 1), member * count);
        saved.set(vectors(member, 3, slots), (members + member * slots) * count);
      });
      return saved;
    },
    restore: (saved) => {
      eachMember((member) => {
        const from = (members + member * slots) * count;
        vectors(member, 0, 1).set(saved.subarray(member * count, (member + 1) * count));
        vectors(member, 3, slots).set(saved.subarray(from, from + slots * count));
      });
    },
  };
}
