import { memberProgram } from '#engine/model/member-program.ts';
import { weightsFileName, writeMemberWeights } from '#storage/weights.ts';
import { say } from './library-list.ts';
import { usePlan } from './plan.ts';
import { saveFile } from './save-file.ts';
import { services } from './services.ts';

/** Saves the weights of the first member of a level as a safetensors file; says why where none are kept. */
export async function saveWeights(auditId: string, level: string): Promise<void> {
  const { plan, facts } = usePlan.getState();
  if (plan === null || facts === null) return;
  try {
    const repository = await services().repository;
    const members = await repository.members(auditId);
    const member = members.find(({ key, weights }) => key.level === level && weights.length > 0);
    if (member === undefined) throw new Error('This audit came from a file that carries no weights of this level.');
    const bytes = writeMemberWeights(member, memberProgram(plan, facts, member.spec), plan);
    saveFile(weightsFileName(member.key), bytes, 'application/octet-stream');
  } catch (error) {
    say('weights', error);
  }
}
