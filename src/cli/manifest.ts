import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '#dataset/dataset.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { Admission, MemberKey } from '#engine/protocol/run.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { levelAccounts, memberAccount, simulations } from '#storage/level-account.ts';
import { readBytes, writeWhole } from './files.ts';
import type { KeptMember } from './member-files.ts';
import { FILES } from './run-folder.ts';
import { isIn, memberKeys, type MemberRange } from './train-plan.ts';

/** One time that `cli run` trained. */
export interface Session {
  readonly startedAt: string; // ISO 8601
  readonly machine: { readonly platform: string; readonly cpu: string; readonly cores: number; readonly node: string };
  readonly range: MemberRange;
  readonly members: number; // finished in this session
  readonly workers: number;
  readonly dataMs: number;
  readonly trainingMs: number;
  readonly memberStepsPerSecond: number | null;
  /** null: nothing was left to train. */
  readonly admission: Admission | null;
}

/** What the manifest knows of the data. `classes`: what the predicted numbers of members mean. */
export interface ManifestData extends Pick<Dataset, 'name' | 'hash' | 'origin'> {
  readonly classes: readonly string[];
  readonly examples: { readonly all: number; readonly train: number; readonly audit: number };
  readonly remarks: readonly string[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

export interface ManifestInput {
  readonly plan: Plan;
  readonly data: ManifestData;
  readonly sessions: readonly Session[];
  readonly members: readonly KeptMember[];
  /** Members of this run; the others are not missing. */
  readonly range: MemberRange;
}

const SCHEMA_VERSION = 1;
const VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** The machine that this runs on. */
export const thisMachine = (): Session['machine'] => ({
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  node: process.version,
});

export function manifestOf(input: ManifestInput) {
  const { plan, data, sessions, members, range } = input;
  const names = new Set(members.map(({ result }) => nameOf(result.key)));
  const missing = memberKeys(plan).filter((key) => !names.has(nameOf(key)));
  return {
    schemaVersion: SCHEMA_VERSION,
    longtail: VERSION,
    complete: missing.length === 0,
    memberRange: [range.first, range.last],
    missing: missing.filter((key) => isIn(range, key)).map(nameOf),
    data,
    seeds: {
      plan: plan.seed,
      rule: 'Member m of every level starts from the same weights and sees the same batches, drawn from (seed, m).',
    },
    backends: [...new Set(members.map(({ result, variant }) => `${result.backend}: ${variant}`))],
    simulated: simulations(plan),
    sessions,
    levels: levelAccounts(
      plan,
      members.map(({ result }) => result),
    ),
    members: members.map(({ result, variant }) => ({ ...memberAccount(result), variant })),
  };
}

/** manifest.json as it is written and, in a run that goes on or is merged, read. */
export type Manifest = ReturnType<typeof manifestOf>;

const nameOf = ({ level, index }: MemberKey): string => `${level} ${String(index)}`;

export function writeManifest(run: string, manifest: Manifest): Result<null> {
  return writeWhole(join(run, FILES.manifest), [`${JSON.stringify(manifest, null, 2)}\n`]);
}

export const hasManifest = (run: string): boolean => existsSync(join(run, FILES.manifest));

export function readManifest(run: string): Result<Manifest> {
  const path = join(run, FILES.manifest);
  const bytes = readBytes(path);
  if (!bytes.ok) return bytes;
  const refused = fail('manifest', `${path}: this is no manifest of this version, expected one that cli run wrote`, {
    file: path,
  });
  try {
    const manifest = JSON.parse(new TextDecoder().decode(bytes.value)) as Partial<Manifest> | null;
    const isManifest =
      manifest?.schemaVersion === SCHEMA_VERSION &&
      Array.isArray(manifest.sessions) &&
      Array.isArray(manifest.data?.classes);
    return isManifest ? ok(manifest as Manifest) : refused;
  } catch {
    return refused;
  }
}
