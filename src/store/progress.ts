import { mean, standardDeviation } from 'simple-statistics';
import type { Estimate } from '#audit/result.ts';
import { levelName, stagesOf, trainedSpecs, type CompressionSpec } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { MemberKey } from '#engine/protocol/run.ts';
import type { LiveCounts } from '#audit/live-counts.ts';
import { studentOverMembers } from '#audit/intervals.ts';
import type { LevelProgress, MemberCell, MemberSummary } from './state.ts';

/** A member in training: its step, and its loss where it has been read. */
export interface Running {
  readonly key: MemberKey;
  readonly step: number;
  readonly loss: number | null;
}

export const BASELINE: CompressionSpec = { kind: 'baseline' };
export const keyText = (key: MemberKey): string => `${key.level}/${String(key.index)}`;

/** Mean loss of a level's finished members at each step that was read. */
function meanLoss(results: readonly MemberSummary[]): readonly (readonly [number, number])[] {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { lossCurve } of results) {
    for (let i = 0; i + 1 < lossCurve.length; i += 2) {
      const at = sums.get(lossCurve[i]!) ?? { sum: 0, count: 0 };
      sums.set(lossCurve[i]!, { sum: at.sum + lossCurve[i + 1]!, count: at.count + 1 });
    }
  }
  return [...sums].sort(([a], [b]) => a - b).map(([step, { sum, count }]) => [step, sum / count] as const);
}

function accuracyOf(results: readonly MemberSummary[]): Estimate {
  const values = results.filter((result) => !result.diverged).map((result) => result.accuracy);
  return values.length === 0 ? { value: null, low: null, high: null } : studentOverMembers(values);
}

/** The rows of the training grid: the baseline, then every level of the plan. */
export function levelProgress(
  plan: Plan,
  results: ReadonlyMap<string, MemberSummary>,
  running: readonly Running[],
  failed: ReadonlySet<string>,
  live: LiveCounts | null,
): readonly LevelProgress[] {
  const steps = new Map(running.map(({ key, step }) => [keyText(key), step]));
  return [BASELINE, ...plan.levels].map((spec) => {
    const level = levelName(spec);
    const cells = Array.from({ length: plan.members }, (_, index): MemberCell => {
      const key = keyText({ level, index });
      const result = results.get(key);
      if (result) return { state: result.diverged ? 'diverged' : 'done', progress: 1 };
      if (failed.has(key)) return { state: 'failed', progress: 0 };
      const step = steps.get(key);
      return step === undefined
        ? { state: 'waiting', progress: 0 }
        : { state: 'training', progress: step / plan.steps };
    });
    const own = [...results.values()].filter((result) => result.key.level === level);
    return {
      level,
      cells,
      done: own.length,
      accuracy: accuracyOf(own),
      cie: live?.levels[level] ?? null,
      cieOfHalves: live?.halves[level] ?? null,
      loss: meanLoss(own),
    };
  });
}

/**
 * Steps of training that the plan asks for, and those behind it. Post-training members cost none; a population that is trained
 * for a pipeline only is there where a member of the pipeline is.
 */
export function trainedSteps(
  plan: Plan,
  results: ReadonlyMap<string, MemberSummary>,
  running: readonly Running[],
): { readonly done: number; readonly planned: number } {
  const finished = new Set(
    [...results.values()].map(({ key, spec }) =>
      keyText({ level: levelName(stagesOf(spec).trained), index: key.index }),
    ),
  );
  return {
    done: finished.size * plan.steps + running.reduce((sum, { step }) => sum + step, 0),
    planned: trainedSpecs(plan.levels).length * plan.members * plan.steps,
  };
}

/**
 * The time left as a range in milliseconds: what is left at the pace of the run so far, give or take twice the spread of
 * the members' durations, and at least 10 %. null before anything was trained.
 */
export function timeLeft(
  steps: { readonly done: number; readonly planned: number },
  activeMs: number,
  durationsMs: readonly number[],
): { readonly low: number; readonly high: number } | null {
  if (steps.done <= 0 || activeMs <= 0) return null;
  const left = ((steps.planned - steps.done) * activeMs) / steps.done;
  const spread = durationsMs.length > 2 ? standardDeviation([...durationsMs]) / mean([...durationsMs]) : 0.3;
  const share = Math.max(0.1, (2 * spread) / Math.sqrt(Math.max(1, durationsMs.length)));
  return { low: Math.max(0, left * (1 - Math.min(0.9, share))), high: left * (1 + share) };
}

/** Counts of moments (ms) in `spans` equal spans from 0 to `untilMs`. */
export function paceHistory(momentsMs: readonly number[], untilMs: number, spans = 20): readonly number[] {
  const counts = new Array<number>(spans).fill(0);
  for (const moment of momentsMs) {
    const span = Math.min(spans - 1, Math.floor((moment / Math.max(1, untilMs)) * spans));
    counts[span] = (counts[span] ?? 0) + 1;
  }
  return counts;
}
