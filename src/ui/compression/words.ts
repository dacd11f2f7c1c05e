import { stagesOf } from '#compression/spec.ts';
import { counted, percent, upperFirst } from '#ui/kit/format.ts';
import { levelTitle } from '#ui/kit/levels.ts';
import type { MemberView } from './view.ts';

const TENSORS = ['tensor', 'tensors'] as const;

/** What became of the member, in two or three sentences. */
export function leadOf(view: MemberView): string {
  const { member, spec } = view;
  const { trained, quantized } = stagesOf(spec);
  const { planned, achieved, wholeModel } = member.sparsity;
  const sentences = [
    `${upperFirst(levelTitle(member.key.level))}, member ${String(member.key.index + 1)}.`,
    member.diverged ? 'This member diverged: its numbers are not finite, and it is left out of every count.' : '',
    planned > 0
      ? `Of ${removable(view)} ${percent(achieved, 2)} are gone (${percent(planned)} were planned), of the weights of all kernels ${percent(wholeModel, 2)}.`
      : '',
    trained.kind === 'distilled'
      ? `It is a student of baseline member ${String(member.key.index + 1)}: temperature ${String(trained.temperature)}, ${percent(trained.weight, 0)} of the loss from its teacher.`
      : '',
    quantized !== null || trained.kind === 'qat-int8' ? roundedWords(view) : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** What a level takes away: "the weights that may be removed". */
export function removable({ spec }: Pick<MemberView, 'spec'>): string {
  return `${stagesOf(spec).trained.kind === 'structured' ? 'the filters and neurons' : 'the weights'} that may be removed`;
}

function roundedWords({ member }: MemberView): string {
  const { tensors } = member;
  if (tensors === undefined) return '';
  const rounded = tensors.filter(({ quantization }) => quantization !== null).length;
  const left = tensors.length - rounded;
  return `${counted(rounded, TENSORS)} of ${String(tensors.length)} became integers${left === 0 ? '' : `, ${String(left)} stayed in float`}. The integers are simulated in float.`;
}
