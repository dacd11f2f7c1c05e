import type { Plan } from '#engine/model/plan.ts';
import type { StepProgram } from '#engine/model/program.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

/** A member as it can be taken elsewhere and run again. */
export interface MemberWeights extends Pick<MemberResult, 'key' | 'spec' | 'weights'> {
  /** What was done to its tensors and activations: the grids that prediction needs. */
  readonly tensors: NonNullable<MemberResult['tensors']>;
  readonly activations: NonNullable<MemberResult['activations']>;
}

const FORMAT = 'longtail-member';

/** `fixed-int8-0000.safetensors` */
export const weightsFileName = ({ level, index }: MemberResult['key']): string =>
  `${level}-${String(index).padStart(4, '0')}.safetensors`;

/**
 * The weights of a member as a safetensors file: every tensor of its program under its name, as used at prediction (what is
 * pruned is 0; what is quantized has the real values that the integers stand for). The metadata say the rest, as JSON: plan,
 * level, member, spec, what was done to each tensor, the grids of activations, and the operations of the program.
 */
export function writeMemberWeights(member: MemberResult, program: StepProgram, plan: Plan): Uint8Array<ArrayBuffer> {
  const { key, spec, weights, tensors = [], activations = [] } = member;
  return writeSafetensors({
    tensors: program.tensors.map(({ name, shape, offset, size }) => ({
      name,
      shape,
      data: weights.subarray(offset, offset + size),
    })),
    metadata: {
      format: FORMAT,
      member: JSON.stringify({ key, spec, tensors, activations }),
      plan: JSON.stringify(plan),
      operations: JSON.stringify(program.ops),
    },
  });
}

/** Reads what `writeMemberWeights` wrote, for the same program; the parameters are laid out as it says, [parameterCount]. */
export function readMemberWeights(bytes: Uint8Array, program: StepProgram, fileName: string): Result<MemberWeights> {
  const refuse = (why: string): Result<never> => fail('weights', `${fileName}: ${why}`, { file: fileName });
  const read = readSafetensors(bytes, fileName);
  if (!read.ok) return read;
  const { format, member } = read.value.metadata;
  if (format !== FORMAT || member === undefined) return refuse('it holds no member of Longtail.');
  const dataOf = new Map(read.value.tensors.map(({ name, data }) => [name, data]));
  const weights = new Float32Array(program.parameterCount);
  for (const { name, offset, size } of program.tensors) {
    const data = dataOf.get(name);
    if (data?.length !== size) return refuse(`it has no tensor ${name} of ${String(size)} numbers.`);
    weights.set(data, offset);
  }
  try {
    return ok({ ...(JSON.parse(member) as Omit<MemberWeights, 'weights'>), weights });
  } catch {
    return refuse('its metadata cannot be read.');
  }
}
