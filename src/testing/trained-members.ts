import { isPostTraining, levelName, sourceLevel, type CompressionSpec } from '#compression/spec.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import { quantizeMembers } from '#engine/worker/post-training.ts';
import type { MemberStream, RunContext } from '#engine/worker/run-context.ts';
import { trainMembers } from '#engine/worker/trainer.ts';

/** The first member of each of these levels, really trained or made from the one before them that they need, in their order. */
export async function trainedMembers(
  run: RunContext,
  specs: readonly CompressionSpec[],
): Promise<readonly MemberResult[]> {
  const made: MemberResult[] = [];
  for (const spec of specs) {
    const key = { level: levelName(spec), index: 0 };
    const source = made.find((member) => member.key.level === sourceLevel(spec))?.weights;
    const members = isPostTraining(spec)
      ? quantizeMembers(run, [{ kind: 'post-training', key, spec, weights: source!, diverged: false }])
      : trainMembers(run, [{ kind: 'training', key, spec, ...(source && { teacher: source }) }]);
    made.push(...(await resultsOf(members)));
  }
  return made;
}

async function resultsOf(members: MemberStream): Promise<MemberResult[]> {
  const results: MemberResult[] = [];
  for await (const event of members) if (event.kind === 'member') results.push(event.result);
  return results;
}
