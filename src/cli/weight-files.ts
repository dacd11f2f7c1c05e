import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { levelName } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { RunData } from '#engine/protocol/run.ts';
import { ok, type Result } from '#lib/result.ts';
import { quoted } from '#sources/formats/refusal.ts';
import { weightFiles, type WeightsForm } from '#storage/weight-files.ts';
import { writeWhole } from './files.ts';
import { readMember, type KeptMember } from './member-files.ts';
import { badOption } from './options.ts';

const ALL = 'all';

/** The levels of the plan whose weights `--weights` asks for; refused where the plan has no such level. */
export function weightLevels(asked: readonly string[], plan: Plan): Result<readonly string[]> {
  const levels = [levelName({ kind: 'baseline' }), ...plan.levels.map(levelName)];
  const unknown = asked.find((name) => name !== ALL && !levels.includes(name));
  if (unknown !== undefined)
    return badOption(`--weights names ${quoted(unknown)}, expected ${ALL} or levels of the plan: ${levels.join(', ')}`);
  return ok(asked.includes(ALL) ? levels : asked);
}

/** Writes the files of every finished member of these levels into `weights/`, each whole or not at all. */
export function writeWeights(
  run: string,
  plan: Plan,
  data: Pick<RunData, 'input' | 'classes'>,
  members: readonly KeptMember[],
  { levels, form }: { readonly levels: readonly string[]; readonly form: WeightsForm },
): Result<null> {
  for (const { result } of members.filter((member) => levels.includes(member.result.key.level))) {
    const member = readMember(run, result.key);
    if (!member.ok) return member;
    for (const { path, bytes } of weightFiles(member.value.result, plan, data, form)) {
      const place = join(run, 'weights', path);
      mkdirSync(dirname(place), { recursive: true });
      const written = writeWhole(place, [bytes]);
      if (!written.ok) return written;
    }
  }
  return ok(null);
}
