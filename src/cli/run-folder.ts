import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '#engine/model/plan.ts';
import { planJson } from '#engine/model/plan-file.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { refuse } from '#sources/formats/refusal.ts';
import { codeOf, UNFINISHED, writeWhole } from './files.ts';
import {
  checkpointFolder,
  finishedKeys,
  memberFolder,
  readMember,
  withoutWeights,
  type KeptMember,
} from './member-files.ts';
import { readPlan } from './plan-input.ts';
import { memberKeys } from './train-plan.ts';

/** The files of a run. */
export const FILES = {
  plan: 'plan.json',
  examples: 'examples.csv',
  predictions: 'predictions.csv',
  matrix: 'P.npy',
  members: 'members.csv',
  probabilities: 'probabilities.npy',
  audit: 'audit.json',
  manifest: 'manifest.json',
  bundle: 'audit.longtail.zip',
} as const;

/**
 * Makes the folder of a run, or opens it again. Refused: a folder with another plan or other data, and one that holds files
 * of these names but no run.
 */
export function openRunFolder(path: string, plan: Plan): Result<null> {
  const planPath = join(path, FILES.plan);
  if (existsSync(memberFolder(path)) && existsSync(planPath)) {
    const kept = readPlan(planPath);
    if (!kept.ok) return kept;
    const difference = planDifference(kept.value, plan);
    if (difference !== null) {
      const sentence = `this folder holds another run: ${difference}, expected the same plan and data, or another --out`;
      return refuse('other-run', { file: path }, sentence);
    }
  } else {
    const taken = Object.values(FILES).find((name) => existsSync(join(path, name)));
    if (taken !== undefined)
      return refuse(
        'folder-taken',
        { file: join(path, taken) },
        'this file is not of a run, expected an empty folder for --out',
      );
    try {
      mkdirSync(memberFolder(path), { recursive: true });
      mkdirSync(checkpointFolder(path), { recursive: true });
    } catch (error) {
      return refuse('folder', { file: path }, `the folder cannot be made (${codeOf(error)}), expected a place for one`);
    }
    const written = writeWhole(planPath, [planJson(plan)]);
    if (!written.ok) return written;
  }
  removeUnfinished(path);
  return ok(null);
}

/** What keeps two plans from being one run: "its data differ"; null where they are the same. */
export function planDifference(kept: Plan, asked: Plan): string | null {
  if (kept.dataset.hash !== asked.dataset.hash) return 'its data differ';
  const fields = [...new Set([...Object.keys(kept), ...Object.keys(asked)])] as (keyof Plan)[];
  const field = fields.find((name) => name !== 'dataset' && JSON.stringify(kept[name]) !== JSON.stringify(asked[name]));
  return field === undefined ? null : `"${field}" of its plan differs`;
}

/** The finished members of a run, without weights; the first that cannot be read is the problem. */
export function readMembers(path: string, plan: Plan, examples: number): Result<readonly KeptMember[]> {
  const members: KeptMember[] = [];
  for (const key of finishedKeys(path, memberKeys(plan))) {
    const member = readMember(path, key);
    if (!member.ok) return member;
    if (member.value.result.predictions.length !== examples)
      return fail(
        'member',
        `${path}: ${key.level} ${String(key.index)} predicts ${String(member.value.result.predictions.length)} examples, expected ${String(examples)}`,
      );
    members.push(withoutWeights(member.value));
  }
  return ok(members);
}

/** Removes what was being written when a run was cut off. */
export function removeUnfinished(path: string): void {
  for (const folder of [path, memberFolder(path), checkpointFolder(path)]) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder)) if (name.endsWith(UNFINISHED)) rmSync(join(folder, name), { force: true });
  }
}
