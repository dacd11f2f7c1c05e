import { create } from 'zustand';
import { withDepth } from '#audit/depth.ts';
import type { DepthPart } from '#audit/result.ts';
import { auditExamples } from '#audit/examples.ts';
import { levelName } from '#compression/spec.ts';
import { useData } from './data.ts';
import { setFilters, useGallery } from './gallery.ts';
import { tableOf } from './prediction-table.ts';
import { services } from './services.ts';
import type { EvidenceState, MemberSummary } from './state.ts';
import { isTraining, useTraining } from './training-state.ts';
import { usePlan } from './plan.ts';

export const useEvidence = create<{ readonly state: EvidenceState }>(() => ({ state: { kind: 'none' } }));

type Sizes = Extract<EvidenceState, { kind: 'ready' }>['sizes'];

function meanSizes(results: readonly MemberSummary[]): Sizes {
  const levels = new Map<string, MemberSummary[]>();
  for (const result of results) levels.set(result.key.level, [...(levels.get(result.key.level) ?? []), result]);
  const average = (members: readonly MemberSummary[], of: (member: MemberSummary) => number): number =>
    members.reduce((sum, member) => sum + of(member), 0) / members.length;
  return Object.fromEntries(
    [...levels].map(([level, members]) => [
      level,
      {
        denseBytes: average(members, (member) => member.sizes.denseBytes),
        gzipBytes: average(members, (member) => member.sizes.gzipBytes ?? NaN),
        sparseBytes: average(members, (member) => member.sizes.sparseBytes),
        int8Bytes: average(members, (member) => member.sizes.int8Bytes),
        int8GzipBytes: average(members, (member) => member.sizes.int8GzipBytes ?? NaN),
        achievedSparsity: average(members, (member) => member.sparsity.achieved),
      },
    ]),
  );
}

let latest = 0;

/**
 * Audits every member there is. Keeps what is on screen until the new numbers are in; a later call wins. What takes long is
 * left out while members are trained, which needs the cores.
 */
export async function recomputeEvidence(): Promise<void> {
  const { state } = useData.getState();
  const { plan } = usePlan.getState();
  const { results, planned, status } = useTraining.getState();
  if (state.kind !== 'ready' || !plan) return;
  const { examples, datasetIndices } = auditExamples(state.dataset, state.question);
  const table = tableOf(plan, results, examples);
  if (!table || table.compressed.length === 0) return;
  const turn = ++latest;
  if (useEvidence.getState().state.kind !== 'ready') useEvidence.setState({ state: { kind: 'computing' } });
  try {
    const { analysis } = services();
    const options = {
      positive: state.question.positive,
      tieRule: 'largest-class',
      seed: plan.seed,
      percentiles: [90, 95, 99],
      minCount: state.question.minCount,
    } as const;
    const onDepth = (part: DepthPart): void => {
      if (turn === latest) deepen(part);
    };
    const isBusy = isTraining({ status });
    if (isBusy) analysis.cancel();
    const audit = await (isBusy ? analysis.auditAlone(table, options) : analysis.audit(table, options, onDepth));
    if (turn !== latest) return;
    const predictions = Object.fromEntries(
      [table.baseline, ...table.compressed].map((population) => [
        population.name,
        { members: population.members, predictions: population.predictions as Uint16Array },
      ]),
    );
    const complete = results.length === planned;
    useEvidence.setState({
      state: {
        kind: 'ready',
        audit,
        examples,
        datasetIndices,
        complete,
        sizes: meanSizes(results),
        predictions,
      },
    });
    chooseLevel(table.compressed.map(({ name }) => name));
    services().analysis.prefer(useGallery.getState().filters.level);
  } catch (error) {
    if (turn !== latest) return;
    const message = error instanceof Error ? error.message : String(error);
    useEvidence.setState({ state: { kind: 'failed', problem: { code: 'audit', message } } });
  }
}

/** Puts a part of the depth of the audit on screen beside what is there. */
function deepen(part: DepthPart): void {
  const { state } = useEvidence.getState();
  if (state.kind === 'ready') useEvidence.setState({ state: { ...state, audit: withDepth(state.audit, part) } });
}

/** The level that is looked at is counted first. */
useGallery.subscribe(({ filters: { level } }, before) => {
  const { state } = useEvidence.getState();
  if (level !== before.filters.level && state.kind === 'ready' && !state.audit.deep) services().analysis.prefer(level);
});

let automatic = '';

/** The gallery opens at the hardest pruned level of at most 0.95, the paper's own example, unless a person chose a level. */
function chooseLevel(levels: readonly string[]): void {
  const shown = useGallery.getState().filters.level;
  if (shown !== automatic && levels.includes(shown)) return;
  const { plan } = usePlan.getState();
  const pruned = (plan?.levels ?? [])
    .filter((spec) => spec.kind === 'pruned' && levels.includes(levelName(spec)))
    .map((spec) => ({ name: levelName(spec), sparsity: spec.kind === 'pruned' ? spec.sparsity : 0 }));
  const best = pruned.filter(({ sparsity }) => sparsity <= 0.95).sort((a, b) => b.sparsity - a.sparsity)[0];
  const level = best?.name ?? levels[0];
  if (level === undefined) return;
  automatic = level;
  if (level !== shown) setFilters({ level });
}

export function clearEvidence(): void {
  latest++;
  if (useEvidence.getState().state.kind !== 'none') services().analysis.cancel();
  useEvidence.setState({ state: { kind: 'none' } });
}
