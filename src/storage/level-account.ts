import { mean } from 'simple-statistics';
import { scheduledUpdates, sparsityAt } from '#compression/schedule.ts';
import { plannedSparsity } from '#compression/sparsity-report.ts';
import { levelName, sourceLevel, stagesOf, type CompressionSpec } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { MemberResult } from '#engine/protocol/run.ts';

type Finished = Omit<MemberResult, 'weights'>;

/** What was really done, level by level, the baseline first: for manifest.json. results: of all levels, those that are in. */
export function levelAccounts(plan: Plan, results: readonly Finished[]) {
  const specs: readonly CompressionSpec[] = [{ kind: 'baseline' }, ...plan.levels];
  return specs.map((spec) =>
    levelAccount(
      spec,
      plan.steps,
      results.filter(({ key }) => key.level === levelName(spec)),
    ),
  );
}

/** Means are over the members; null of none. */
function levelAccount(spec: CompressionSpec, steps: number, results: readonly Finished[]) {
  const average = (of: (result: Finished) => number): number | null =>
    results.length === 0 ? null : mean(results.map(of));
  /** Over the members that have it: those of earlier versions do not have all. */
  const known = (of: (result: Finished) => number | undefined): number | null => {
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
    maskUpdates: maskUpdates(spec, steps),
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

/** The steps after which the mask was made anew, and the share that it took out; empty where nothing is pruned. */
function maskUpdates(spec: CompressionSpec, steps: number) {
  const { trained } = stagesOf(spec);
  if (trained.kind !== 'pruned' && trained.kind !== 'structured') return [];
  return scheduledUpdates(trained)
    .filter((step) => step <= steps)
    .map((step) => ({ step, sparsity: sparsityAt(trained, step) }));
}

/** What is said of each member there. */
export function memberAccount({ key, backend, accuracy, diverged, sparsity, sizes, durationMs }: Finished) {
  return {
    level: key.level,
    member: key.index,
    backend,
    accuracy,
    diverged,
    achievedSparsity: sparsity.achieved,
    sizes,
    durationMs,
  };
}

/** What was computed in another way than a device would. */
export function simulations(plan: Plan): readonly string[] {
  const isRounded = plan.levels
    .map(stagesOf)
    .some(({ trained, quantized }) => quantized !== null || trained.kind === 'qat-int8');
  if (!isRounded) return [];
  return [
    'int8 is simulated in floating point: predictions are those of int8 arithmetic up to rounding, times are not.',
  ];
}
