import { strToU8 } from 'fflate';
import { memberProgram } from '#engine/model/member-program.ts';
import type { Plan } from '#engine/model/plan.ts';
import { TFJS_FILES, tfjsModel } from '#engine/model/tfjs-model.ts';
import type { MemberResult, RunData } from '#engine/protocol/run.ts';
import { writeMemberWeights } from './weights.ts';

/** `dense` and `compressed`: a safetensors file, see writeMemberWeights. `tfjs`: a layers model of TensorFlow.js, two files. */
export const WEIGHTS_FORMS = ['dense', 'compressed', 'tfjs'] as const;
export type WeightsForm = (typeof WEIGHTS_FORMS)[number];

/** `fixed-int8-0000` */
export const memberFileName = ({ level, index }: MemberResult['key']): string =>
  `${level}-${String(index).padStart(4, '0')}`;

/** The weights of a member as files of its own. path: with / between folder and file. */
export function weightFiles(
  member: MemberResult,
  plan: Plan,
  data: Pick<RunData, 'input' | 'classes'>,
  form: WeightsForm,
): readonly { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }[] {
  const { key, spec, weights } = member;
  const name = memberFileName(key);
  const program = memberProgram(plan, { input: data.input, classes: data.classes.length }, spec);
  if (form !== 'tfjs') {
    const ending = form === 'dense' ? '.safetensors' : '.compressed.safetensors';
    return [{ path: name + ending, bytes: writeMemberWeights(member, program, plan, form) }];
  }
  const model = tfjsModel(program, weights, { name, metadata: { key, spec, classes: data.classes, plan } });
  return [
    { path: `${name}/${TFJS_FILES.model}`, bytes: strToU8(model.modelJson) as Uint8Array<ArrayBuffer> },
    { path: `${name}/${TFJS_FILES.weights}`, bytes: model.weights },
  ];
}
