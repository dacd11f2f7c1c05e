import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import type { MemberKey } from '#engine/protocol/run.ts';
import type { RunContext } from '#engine/worker/run-context.ts';

/** Raised where what a checkpoint holds changes its meaning. */
const FORMAT = 1;

/** Through which members in training are saved between two of their events; null while none are. */
export interface Saver {
  save: (() => Promise<Checkpoint>) | null;
}

/** What a checkpoint of these members must fit: the same plan, members, device and module give the same numbers. */
export function fitText({ plan, executor }: RunContext, members: readonly MemberKey[]): string {
  return JSON.stringify([FORMAT, executor.backend, executor.detail, members, plan]);
}
