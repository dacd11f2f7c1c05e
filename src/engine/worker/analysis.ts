import { quickAudit } from '#audit/audit.ts';
import { depthParts } from '#audit/depth.ts';
import { liveCounts } from '#audit/live-counts.ts';
import { prepareTable } from '#audit/prepared.ts';
import type { AuditNumbers } from '#audit/result.ts';
import { reviewerAgreement } from '#audit/reviewers.ts';
import type { AnalysisEvent, AnalysisMethods } from '#engine/protocol/analysis.ts';
import { toWire } from '#engine/protocol/errors.ts';
import type { Emit, Handlers } from '#engine/protocol/rpc.ts';

/** The work of the analysis worker. The depth of the latest audit is counted in steps, between which other questions are answered. */
export function analysisHandlers(emit: Emit<AnalysisEvent>, depth = depthParts): Handlers<AnalysisMethods> {
  let latest = -1;
  let preferred: string | null = null;

  const deepen = (id: number, steps: ReturnType<typeof depthParts>): void => {
    if (id !== latest) return;
    try {
      const step = steps.next();
      if (step.value !== undefined) emit({ kind: 'part', id, part: step.value });
      if (step.done !== true) setTimeout(deepen, 0, id, steps);
    } catch (error) {
      emit({ kind: 'part', id, part: { kind: 'failed', message: toWire(error).message } });
    }
  };

  return {
    audit: ({ id, table, options, deep }) => {
      if (deep) latest = id;
      const prepared = prepareTable(table, options);
      const numbers = quickAudit(prepared);
      if (deep)
        setTimeout(
          deepen,
          0,
          id,
          depth(prepared, numbers, () => preferred),
        );
      emit({ kind: 'numbers', id, numbers }, handedOver(numbers));
      return null;
    },
    prefer: (level) => {
      preferred = level;
      return null;
    },
    cancel: () => {
      latest = -1;
      return null;
    },
    live: ({ table, seed }) => liveCounts(table, seed),
    reviewers: ({ ratings, seed }) => reviewerAgreement(ratings, seed),
  };
}

/** The large arrays that only the page needs from now on. */
function handedOver({ comparisons, subgroups }: AuditNumbers): Transferable[] {
  const scores = comparisons.flatMap(({ taxicab, jaccard }) => [taxicab.scores, taxicab.ranking, jaccard.scores]);
  return [...scores, ...subgroups.levels].map(({ buffer }) => buffer as ArrayBuffer);
}
