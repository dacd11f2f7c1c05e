import type { Plan } from '#engine/model/plan.ts';
import type { StepProgram } from '#engine/model/program.ts';
import type { KnownMember } from '#engine/protocol/prediction.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { packTensor, unpackTensor } from './packed-tensors.ts';
import { readSafetensors, writeSafetensors, type SafeTensor } from './safetensors.ts';

/** A member as it can be taken elsewhere and run again. */
export interface MemberWeights extends KnownMember {
  readonly key: MemberResult['key'];
}

const FORMAT = 'longtail-member';

/**
 * The weights of a member as a safetensors file: every tensor of its program under its name, as used at prediction (what is
 * pruned is 0). `dense`: as float32, for what is quantized the real values that the integers stand for. `compressed`: each
 * tensor as small as it goes without loss (packed-tensors.ts). The metadata say the rest, as JSON: plan, level, member, spec,
 * what was done to each tensor with scales and zero points, the grids of activations, and the operations of the program.
 */
export function writeMemberWeights(
  member: MemberResult,
  program: StepProgram,
  plan: Plan,
  form: 'dense' | 'compressed',
): Uint8Array<ArrayBuffer> {
  const { key, spec, weights, tensors = [], activations = [] } = member;
  const quantizationOf = new Map(tensors.map(({ name, quantization }) => [name, quantization]));
  return writeSafetensors({
    tensors: program.tensors.flatMap((slot): readonly SafeTensor[] => {
      const data = weights.subarray(slot.offset, slot.offset + slot.size);
      if (form === 'compressed') return packTensor(slot, data, quantizationOf.get(slot.name) ?? null);
      return [{ name: slot.name, shape: slot.shape, data }];
    }),
    metadata: {
      format: FORMAT,
      member: JSON.stringify({ key, spec, tensors, activations }),
      plan: JSON.stringify(plan),
      operations: JSON.stringify(program.ops),
    },
  });
}

/** A file that `writeMemberWeights` wrote, before its tensors are laid out. */
export interface WeightsFile {
  readonly member: Omit<MemberWeights, 'weights'>;
  /** As parsed JSON, its form unchecked. */
  readonly plan: unknown;
  /** The member for its program: parameters are laid out as that says, [parameterCount]. Refused where it lacks a tensor. */
  readonly weightsFor: (program: StepProgram) => Result<MemberWeights>;
}

/** Opens what `writeMemberWeights` wrote, in either form. Refuses with a sentence what is no such file. */
export function readWeightsFile(bytes: Uint8Array, fileName: string): Result<WeightsFile> {
  const refuse = (why: string): Result<never> => fail('weights', `${fileName}: ${why}`, { file: fileName });
  const read = readSafetensors(bytes, fileName);
  if (!read.ok) return read;
  const { format, member: memberText = '', plan: planText = '' } = read.value.metadata;
  if (format !== FORMAT) return refuse('it holds no member of Longtail.');
  const dataOf = new Map(read.value.tensors.map(({ name, data }) => [name, data]));
  let member: WeightsFile['member'];
  let plan: unknown;
  try {
    member = JSON.parse(memberText) as WeightsFile['member'];
    plan = JSON.parse(planText);
  } catch {
    return refuse('its metadata cannot be read.');
  }
  if (!isMember(member)) return refuse('its metadata do not say which member it is.');
  const quantizationOf = new Map(member.tensors.map(({ name, quantization }) => [name, quantization]));
  const weightsFor = (program: StepProgram): Result<MemberWeights> => {
    const weights = new Float32Array(program.parameterCount);
    for (const slot of program.tensors) {
      const data = unpackTensor(slot, quantizationOf.get(slot.name) ?? null, dataOf);
      if (data === null) return refuse(`it has no tensor ${slot.name} of ${String(slot.size)} numbers.`);
      weights.set(data, slot.offset);
    }
    return ok({ ...member, weights });
  };
  return ok({ member, plan, weightsFor });
}

function isMember(value: unknown): value is WeightsFile['member'] {
  const { key, spec, tensors, activations } = (value ?? {}) as Partial<WeightsFile['member']>;
  return (
    typeof key?.level === 'string' &&
    Number.isSafeInteger(key.index) &&
    typeof spec?.kind === 'string' &&
    Array.isArray(tensors) &&
    Array.isArray(activations)
  );
}
