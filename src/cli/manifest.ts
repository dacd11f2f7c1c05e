import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { mean } from 'simple-statistics';
import { plannedSparsity } from '#compression/sparsity-report.ts';
import { levelName, sourceLevel, stagesOf, type CompressionSpec } from '#compression/spec.ts';
import type { Dataset } from '#dataset/dataset.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { Admission, MemberKey } from '#engine/protocol/run.ts';
import { fail, ok, type Result } from '#lib/result.ts';
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
  const specs: readonly CompressionSpec[] = [{ kind: 'baseline' }, ...plan.levels];
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
    levels: specs.map((spec) =>
      levelSummary(
        spec,
        members.filter(({ result }) => result.key.level === levelName(spec)),
      ),
    ),
    members: members.map(({ result, variant }) => ({
      level: result.key.level,
      member: result.key.index,
      backend: result.backend,
      variant,
      accuracy: result.accuracy,
      diverged: result.diverged,
      achievedSparsity: result.sparsity.achieved,
      sizes: result.sizes,
      durationMs: result.durationMs,
    })),
  };
}

/** manifest.json as it is written and, in a run that goes on or is merged, read. */
export type Manifest = ReturnType<typeof manifestOf>;

const nameOf = ({ level, index }: MemberKey): string => `${level} ${String(index)}`;

/** What was computed in another way than a device would. */
function simulations(plan: Plan): readonly string[] {
  const isRounded = plan.levels
    .map(stagesOf)
    .some(({ trained, quantized }) => quantized !== null || trained.kind === 'qat-int8');
  if (!isRounded) return [];
  return [
    'int8 is simulated in floating point: predictions are those of int8 arithmetic up to rounding, times are not.',
  ];
}

function levelSummary(spec: CompressionSpec, members: readonly KeptMember[]) {
  const results = members.map(({ result }) => result);
  const average = (of: (result: KeptMember['result']) => number): number | null =>
    results.length === 0 ? null : mean(results.map(of));
  /** Over the members that have it: those of earlier versions do not have all. */
  const known = (of: (result: KeptMember['result']) => number | undefined): number | null => {
    const values = results.flatMap((result) => of(result) ?? []);
    return values.length === 0 ? null : mean(values);
  };
  return {
    level: levelName(spec),
    spec,
    /** The level, or the population trained only for this one, of whose members its members are made or learn. */
    madeFrom: sourceLevel(spec),
    members: results.length,
    diverged: results.filter(({ diverged }) => diverged).length,
    accuracy: average(({ accuracy }) => accuracy),
    sparsity: {
      planned: plannedSparsity(spec),
      achieved: average(({ sparsity }) => sparsity.achieved),
      wholeModel: average(({ sparsity }) => sparsity.wholeModel),
    },
    sizes: {
      denseBytes: average(({ sizes }) => sizes.denseBytes),
      gzipBytes: known(({ sizes }) => sizes.gzipBytes),
      sparseBytes: average(({ sizes }) => sizes.sparseBytes),
      int8Bytes: average(({ sizes }) => sizes.int8Bytes),
      int8GzipBytes: known(({ sizes }) => sizes.int8GzipBytes),
    },
    /** Of the first member there is: scales differ from member to member, what is rounded and pruned does not. */
    tensors: results[0]?.tensors ?? [],
    activations: results[0]?.activations ?? [],
    durationMs: average(({ durationMs }) => durationMs),
  };
}

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
