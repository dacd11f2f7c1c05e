import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '#engine/model/plan.ts';
import type { MemberResult } from '#engine/protocol/run.ts';
import { keyText } from '#engine/protocol/worker-methods.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { auditedRows, readExamplesCsv, toAuditExamples } from '#sources/formats/examples-csv.ts';
import { unpackBundle } from '#storage/bundle.ts';
import { answer, attempt, need } from './answer.ts';
import { readBytes, textOf } from './files.ts';
import { manifestOf, readManifest, writeManifest, type Manifest } from './manifest.ts';
import { finishedKeys, readMember, writeMember } from './member-files.ts';
import { badOption, readOptions } from './options.ts';
import { readPlan } from './plan-input.ts';
import { FILES, openRunFolder, planDifference, readMembers } from './run-folder.ts';
import { writeOutput } from './run-output.ts';
import { memberKeys, wholeRange } from './train-plan.ts';

/** `cli merge`: joins parts of one run into the output of the whole. Exit status 0, or 2 with one line for bad input. */
export function mergeCommand(args: readonly string[]): number {
  return answer(attempt(() => merge(args)));
}

interface Part {
  readonly path: string;
  readonly plan: Plan;
  readonly manifest: Manifest;
  readonly examplesText: string;
}

/** Does it; throws a ProblemError for a part that does not fit. */
export function merge(args: readonly string[]): Result<string> {
  const read = readOptions(args, ['out'], true);
  if (!read.ok) return read;
  const { out } = read.value.values;
  const paths = read.value.rest;
  if (out === undefined || out === '') return badOption('--out is missing, expected the path of a folder');
  const parts = paths.map(readPart);
  const [first] = parts;
  if (first === undefined) return badOption('there is no part to merge, expected the folders that cli run wrote');
  for (const part of parts) checkSameRun(first, part);
  need(openRunFolder(out, first.plan));
  const heldBy = new Map<string, string>(finishedKeys(out, memberKeys(first.plan)).map((key) => [keyText(key), out]));
  for (const part of parts) addMembers(out, part, heldBy);
  return writeMerged(out, first, parts);
}

function readPart(path: string): Part {
  const plan = need(readPlan(join(path, FILES.plan)));
  const examples = join(path, FILES.examples);
  if (!existsSync(examples))
    need(
      fail('part-open', `${path}: this part is not finished, expected ${FILES.examples} in it (run its command again)`),
    );
  return { path, plan, manifest: need(readManifest(path)), examplesText: [...textOf(examples)].join('') };
}

function checkSameRun(first: Part, part: Part): void {
  const difference =
    planDifference(first.plan, part.plan) ?? (first.examplesText === part.examplesText ? null : 'its examples differ');
  if (difference === null) return;
  need(
    fail('other-run', `${part.path}: ${difference} from ${first.path}, expected parts of one run`, { file: part.path }),
  );
}

/** Takes over what the part has; what another part had before must be the same, bit by bit. */
function addMembers(out: string, part: Part, heldBy: Map<string, string>): void {
  for (const key of finishedKeys(part.path, memberKeys(part.plan))) {
    const member = need(readMember(part.path, key));
    const earlier = heldBy.get(keyText(key));
    if (earlier === undefined) {
      need(writeMember(out, member));
      heldBy.set(keyText(key), part.path);
      continue;
    }
    const held = need(readMember(out, key));
    const difference = memberDifference(held.result, member.result);
    if (difference === null) continue;
    const variants = held.variant === member.variant ? '' : ` (${held.variant}; ${member.variant})`;
    const sentence = `member ${String(key.index)} of ${key.level} is in ${earlier} too, and its ${difference} differ${variants}, expected the same bit by bit`;
    need(fail('overlap', `${part.path}: ${sentence}`, { file: part.path }));
  }
}

/** What of two members is not bitwise the same; times do not count. */
function memberDifference(a: MemberResult, b: MemberResult): string | null {
  const parts = [
    ['predictions', a.predictions, b.predictions],
    ['weights', a.weights, b.weights],
    ['losses', a.lossCurve, b.lossCurve],
    ['probabilities', a.probabilities, b.probabilities],
    ['embeddings', a.embeddings?.values, b.embeddings?.values],
  ] as const;
  // A member of an earlier version does not have all of them.
  const different = parts.find(([, own, other]) => own && other && !sameBytes(own, other));
  return different?.[0] ?? null;
}

function sameBytes(a: Uint16Array | Float32Array, b: Uint16Array | Float32Array): boolean {
  const bytes = (array: Uint16Array | Float32Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  return bytes(a).equals(bytes(b));
}

function writeMerged(out: string, first: Part, parts: readonly Part[]): Result<string> {
  const { plan, manifest, examplesText } = first;
  const table = need(readExamplesCsv([examplesText], join(first.path, FILES.examples)));
  const examples = toAuditExamples(table, auditedRows(table, null), manifest.data.classes);
  const members = need(readMembers(out, plan, examples.ids.length));
  const sessions = parts.flatMap((part) => part.manifest.sessions);
  const merged = manifestOf({ plan, data: manifest.data, sessions, members, range: wholeRange(plan) });
  need(writeManifest(out, merged));
  const bundlePath = join(first.path, FILES.bundle);
  const bundle = need(unpackBundle(need(readBytes(bundlePath)), bundlePath));
  const found = writeOutput({
    run: out,
    plan,
    examples,
    examplesText,
    dataset: bundle.dataset,
    members,
    admission: sessions.at(-1)?.admission ?? null,
    onStage: () => undefined,
  });
  if (!found.ok) return found;
  const planned = memberKeys(plan).length;
  const missing = merged.missing.length === 0 ? '' : `missing: ${merged.missing.join(', ')}\n`;
  return ok(`${out}: ${String(members.length)} of ${String(planned)} members\n${missing}${found.value}`);
}
