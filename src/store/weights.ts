import { zipSync } from 'fflate';
import { trainingData } from '#dataset/training-data.ts';
import type { MemberKey } from '#engine/protocol/run.ts';
import { memberFileName, weightFiles, type WeightsForm } from '#storage/weight-files.ts';
import { useData } from './data.ts';
import { say } from './library-list.ts';
import { usePlan } from './plan.ts';
import { saveFile } from './save-file.ts';
import { services } from './services.ts';

/** Saves the weights of a member as one file, a layers model of two zipped; says why where none are kept. */
export async function saveWeights(auditId: string, key: MemberKey, form: WeightsForm): Promise<void> {
  const { plan } = usePlan.getState();
  const { state } = useData.getState();
  if (plan === null || state.kind !== 'ready') return;
  try {
    const repository = await services().repository;
    const member = await repository.member(auditId, key);
    if (member === null || member.weights.length === 0)
      throw new Error('This audit came from a file that carries no weights of this member.');
    const files = weightFiles(member, plan, trainingData(state.dataset, state.question), form);
    const [only] = files;
    if (files.length === 1) {
      saveFile(only!.path, only!.bytes, 'application/octet-stream');
      return;
    }
    const entries = files.map(({ path, bytes }) => [path.split('/').at(-1)!, bytes] as const);
    saveFile(`${memberFileName(key)}.tfjs.zip`, zipSync(Object.fromEntries(entries)), 'application/zip');
  } catch (error) {
    say('weights', error);
  }
}
