import { levelName } from '#compression/spec.ts';
import { createEngine } from '#engine/client/engine.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { MemberKey, RunData, RunEvent, RunOutcome, RunRequest } from '#engine/protocol/run.ts';
import { nodeEnvironment } from './node-engine.ts';

/** The backends that there are in Node. */
export type NodeBackend = 'simd' | 'reference';

/** Members `first` to `last`, both included, counted from 0. */
export interface MemberRange {
  readonly first: number;
  readonly last: number;
}

export const wholeRange = ({ members }: Plan): MemberRange => ({ first: 0, last: members - 1 });

/** Every member of a plan, level by level, the baseline first. */
export function memberKeys(plan: Plan): readonly MemberKey[] {
  const levels = [levelName({ kind: 'baseline' }), ...plan.levels.map(levelName)];
  return levels.flatMap((level) => Array.from({ length: plan.members }, (_, index) => ({ level, index })));
}

export const isIn = ({ first, last }: MemberRange, { index }: MemberKey): boolean => index >= first && index <= last;

export interface Training extends Required<Pick<RunRequest, 'done' | 'checkpoints'>> {
  readonly plan: Plan;
  readonly data: RunData;
  readonly range: MemberRange;
  readonly workers: number;
  readonly backend: NodeBackend;
  readonly onEvent: (event: RunEvent) => void;
  /** Saves the members in training and ends within a second. */
  readonly signal: AbortSignal;
}

/** Trains a range of a plan's members on threads, by the engine of the app. */
export async function trainPlan(training: Training): Promise<RunOutcome> {
  const { plan, data, range, workers, backend, onEvent, signal, done, checkpoints } = training;
  const engine = createEngine(nodeEnvironment(workers));
  const outside = memberKeys(plan).filter((key) => !isIn(range, key));
  const handle = engine.start(
    { plan, data, done: [...done, ...outside.map((key) => ({ key, weights: null }))], checkpoints, backend },
    onEvent,
  );
  const stop = (): void => {
    handle.stop();
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    return await handle.finished;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
