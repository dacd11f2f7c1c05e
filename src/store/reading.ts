import { create } from 'zustand';
import type { AuditExamples, PredictionTable } from '#audit/predictions.ts';
import type { AuditResult } from '#audit/result.ts';
import { consensus, differs, readReviewed, type Consensus, type Reviewed } from '#audit/reviewed.ts';
import type { Problem } from '#lib/result.ts';
import type { LabelBoard } from '#storage/label-log.ts';
import { useEvidence } from './evidence.ts';
import { useLabels } from './labels.ts';
import { services } from './services.ts';
import type { EvidenceState } from './state.ts';

/** The data as they came, or as reviewers see them. */
export type Reading = 'delivered' | 'reviewed';

/** The audit of the examples as reviewers read them. */
export interface SecondReading {
  readonly of: AuditExamples;
  readonly reviewed: Reviewed;
  readonly audit: AuditResult;
}
interface ReadingState {
  readonly reading: Reading;
  /** The second audit that was made last; null before. */
  readonly second: SecondReading | null;
  readonly problem: Problem | null;
}
export const useReading = create<ReadingState>(() => ({ reading: 'delivered', second: null, problem: null }));

export const chooseReading = (reading: Reading): void => useReading.setState({ reading });

type Ready = Extract<EvidenceState, { kind: 'ready' }>;

/** What reviewers say together of the examples, and the second reading that follows from it. */
interface Reviews {
  readonly said: Consensus;
  readonly reviewed: Reviewed;
}
let latest: (Reviews & { readonly of: AuditExamples; readonly board: LabelBoard }) | null = null;

/** The reviews of these examples; the same object for the same labels, the same examples for labels that say nothing new of the data. */
export function reviewsOf(of: AuditExamples, board: LabelBoard): Reviews {
  if (latest?.of !== of || latest.board !== board) {
    const said = consensus(board.votes, board.settled);
    const reviewed = readReviewed(of, board.schema, said);
    const isSame = latest?.of === of && latest.reviewed.key === reviewed.key;
    latest = { of, board, said, reviewed: isSame ? { ...reviewed, examples: latest!.reviewed.examples } : reviewed };
  }
  return latest;
}

/** Whether the second audit is of these examples as they are read now. */
export const isCurrent = (
  second: SecondReading | null,
  of: AuditExamples,
  { key }: Reviewed,
): second is SecondReading => second?.of === of && second.reviewed.key === key;

/**
 * Audits the second reading unless that is done already: the same predictions and measures, other true labels and attributes.
 * null without evidence, where the reading says nothing else than the data, and where the audit fails (`problem` says why).
 */
export async function auditReviewed(): Promise<SecondReading | null> {
  const { state } = useEvidence.getState();
  if (state.kind !== 'ready') return null;
  const { reviewed } = reviewsOf(state.examples, useLabels.getState().board);
  if (!differs(reviewed)) return null;
  const { second } = useReading.getState();
  if (isCurrent(second, state.examples, reviewed)) return second;
  try {
    const audit = await services().analysis.auditAlone(tableAs(state, reviewed.examples), state.audit.options);
    const made = { of: state.examples, reviewed, audit };
    useReading.setState({ second: made, problem: null });
    return made;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    useReading.setState({ problem: { code: 'audit', message } });
    return null;
  }
}

/** The predictions of the evidence, of examples read in another way. */
function tableAs({ audit, predictions }: Ready, examples: AuditExamples): PredictionTable {
  const population = (name: string) => ({ name, ...predictions[name]! });
  return {
    examples,
    baseline: population(audit.baseline.name),
    compressed: audit.comparisons.map(({ level }) => population(level)),
  };
}

/**
 * The evidence as reviewers read it. What hangs on predictions alone (which examples are CIE, chance, how many members are
 * enough) stays that of the first audit, whose resampling need not be done twice.
 */
export function asReviewed(evidence: Ready, { audit, reviewed }: SecondReading): Ready {
  const { nullControl, controlled, comparisons } = evidence.audit;
  return {
    ...evidence,
    examples: reviewed.examples,
    audit: {
      ...audit,
      nullControl,
      controlled,
      failure: 'It is counted for the data as delivered only.',
      comparisons: audit.comparisons.map((comparison, i) => ({
        ...comparison,
        modalCie: comparisons[i]!.modalCie,
        enough: comparisons[i]!.enough,
      })),
    },
  };
}
