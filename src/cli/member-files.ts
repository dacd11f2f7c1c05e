import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import type { MemberKey, MemberResult } from '#engine/protocol/run.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { packTyped, unpackTyped } from '#storage/typed-zip.ts';
import { readBytes, writeWhole } from './files.ts';

/** Members of a run on the disk, a file each: finished ones are written once, saves of those in training again and again. */

/** A finished member, and by which variant of its backend it was made. */
export interface KeptMember {
  readonly result: MemberResult;
  readonly variant: string;
}

const FORMAT = 'longtail-member';
const SCHEMA_VERSION = 1;

export const memberFolder = (run: string): string => join(run, 'members');
export const checkpointFolder = (run: string): string => join(run, 'checkpoints');
const nameOf = ({ level, index }: MemberKey): string => `${level}-${String(index).padStart(4, '0')}.zip`;

export function writeMember(run: string, member: KeptMember): Result<null> {
  const content = { format: FORMAT, schemaVersion: SCHEMA_VERSION, ...member };
  return writeWhole(join(memberFolder(run), nameOf(member.result.key)), [packTyped(content)]);
}

export function readMember(run: string, key: MemberKey): Result<KeptMember> {
  const path = join(memberFolder(run), nameOf(key));
  const bytes = readBytes(path);
  if (!bytes.ok) return bytes;
  const unpacked = unpackTyped(bytes.value, path);
  const content = unpacked.ok
    ? (unpacked.value as Partial<KeptMember> & { format?: unknown; schemaVersion?: unknown })
    : {};
  const { result, variant, format, schemaVersion } = content;
  const isMember =
    format === FORMAT &&
    schemaVersion === SCHEMA_VERSION &&
    typeof variant === 'string' &&
    result?.key.level === key.level &&
    result.key.index === key.index &&
    result.predictions instanceof Uint16Array &&
    result.weights instanceof Float32Array;
  if (isMember) return ok({ result, variant });
  return fail(
    'member',
    `${path}: this is no finished member of this version, or it is damaged; expected one (delete it to train it again)`,
    {
      file: path,
    },
  );
}

/** Which of these members a run has. */
export function finishedKeys(run: string, keys: readonly MemberKey[]): readonly MemberKey[] {
  const names = new Set(readdirSync(memberFolder(run)));
  return keys.filter((key) => names.has(nameOf(key)));
}

/** The member without its weights and embeddings: what a long run can hold of all. */
export function withoutWeights({ result, variant }: KeptMember): KeptMember {
  const { embeddings, ...rest } = result;
  return { variant, result: { ...rest, weights: new Float32Array() } };
}

/** Saves members in training in the place of their last save. */
export function writeCheckpoint(run: string, checkpoint: Checkpoint): Result<null> {
  return writeWhole(join(checkpointFolder(run), nameOf(checkpoint.members[0]!)), [packTyped(checkpoint)]);
}

export function removeCheckpoint(run: string, key: MemberKey): void {
  rmSync(join(checkpointFolder(run), nameOf(key)), { force: true });
}

/** The saves of members in training. One that cannot be read is left out: its members begin anew. */
export function readCheckpoints(run: string): readonly Checkpoint[] {
  return readdirSync(checkpointFolder(run)).flatMap((name) => {
    const path = join(checkpointFolder(run), name);
    const bytes = readBytes(path);
    const unpacked = bytes.ok ? unpackTyped(bytes.value, path) : bytes;
    return unpacked.ok ? [unpacked.value as Checkpoint] : []; // the trainer checks that it fits
  });
}
