import type { LiveCounts } from '#audit/live-counts.ts';
import { isPostTraining, sourceLevels } from '#compression/spec.ts';
import type { Checkpoint } from '#engine/protocol/checkpoint.ts';
import type { MemberKey, MemberResult, RunHandle } from '#engine/protocol/run.ts';
import type { AuditRecord } from '#storage/records.ts';
import { measurePace } from './plan.ts';
import { keyText, levelProgress, paceHistory, timeLeft, trainedSteps, type Running } from './progress.ts';
import type { MemberSummary } from './state.ts';
import { useTraining } from './training-state.ts';

/** The run in hand: what only its progress needs. */
export interface Run {
  readonly record: AuditRecord;
  readonly results: Map<string, MemberSummary>;
  /** Of the members, by key, of which others of a resumed run are made. All other weights are in the repository only. */
  readonly sourceWeights: Map<string, Float32Array>;
  readonly failed: Set<string>;
  /** Members that were in training when they were last saved, by the first one's key. */
  readonly checkpoints: Map<string, Checkpoint>;
  running: readonly Running[];
  live: LiveCounts | null;
  handle: RunHandle | null;
  /** Milliseconds of training before the last start, and when that was; monotonic. */
  activeMs: number;
  startedAt: number | null;
  /** Steps that were there before this session, those of members in training too: they say nothing of this machine's pace. */
  stepsBefore: number;
  readonly momentsMs: number[];
  /** When the stores heard of it last; monotonic. */
  shownAt: number;
  /** Writes of finished members, one after the other; and those that could not be written, to be tried again. */
  saving: Promise<void>;
  readonly unsaved: MemberResult[];
}
/** Takes a finished member in; of what is large only weights are held, and those only where others are made of them. */
export function keep({ record, results, sourceWeights }: Run, member: MemberResult): void {
  const { weights, probabilities, embeddings, ...summary } = member;
  const name = keyText(summary.key);
  results.set(name, summary);
  if (sourceLevels(record.plan.levels).has(summary.key.level)) sourceWeights.set(name, weights);
}

/** The name of a member in the log: "pruned-0.9, member 3". */
export const memberName = ({ level, index }: MemberKey): string => `${level}, member ${String(index + 1)}`;

/** Milliseconds of training so far, pauses left out. */
export const activeMs = (current: Run): number =>
  current.activeMs + (current.startedAt === null ? 0 : performance.now() - current.startedAt);

/** Adds a line to what happened. */
export function log(message: string): void {
  const time = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  useTraining.setState(({ log: before }) => ({ log: [{ time, message }, ...before].slice(0, 50) }));
}

/** Shows the state of the run in the store. */
export function show(current: Run): void {
  const { plan } = current.record;
  current.shownAt = performance.now();
  const elapsed = activeMs(current);
  const steps = trainedSteps(plan, current.results, current.running);
  const here = { done: steps.done - current.stepsBefore, planned: steps.planned - current.stepsBefore };
  const finishedHere = current.momentsMs.length;
  const durations = [...current.results.values()]
    .filter((result) => !isPostTraining(result.spec))
    .map((result) => result.durationMs);
  useTraining.setState({
    levels: levelProgress(plan, current.results, current.running, current.failed, current.live),
    done: current.results.size,
    planned: current.record.planned,
    pace: finishedHere > 0 && elapsed > 0 ? finishedHere / (elapsed / 60_000) : null,
    paceHistory: paceHistory(current.momentsMs, elapsed),
    etaMs: timeLeft(here, elapsed, durations),
    chance: current.live?.chance ?? null,
    results: [...current.results.values()],
  });
  if (here.done > 0) measurePace(plan, elapsed / here.done);
}
