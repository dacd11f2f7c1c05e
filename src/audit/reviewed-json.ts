import type { AnnotatedGroup } from './annotated-groups.ts';
import { auditJson, type AuditJson } from './audit-json.ts';
import type { LabelMix } from './label-mix.ts';
import type { AuditExamples } from './predictions.ts';
import type { AuditResult } from './result.ts';
import type { Annotation, Reviewed } from './reviewed.ts';

/** What reviewers said, beside the audit and never in its place: the key `reviewed` of `audit.json`. */
export interface ReviewedJson {
  readonly reviewers: readonly string[];
  readonly caution: string;
  /** Examples with another true label than delivered. */
  readonly corrected: readonly { readonly id: string; readonly delivered: string; readonly reviewed: string }[];
  readonly confirmed: number;
  readonly unsaid: number;
  readonly disputed: number;
  readonly annotations: readonly Omit<Annotation, 'column'>[];
  /** [level]. */
  readonly levels: Readonly<Record<string, ReviewedLevel>>;
  /** The audit with true labels and attributes as reviewed; null where they are as delivered. What hangs on predictions alone is left out. */
  readonly audit: ReviewedAudit | null;
}
interface ReviewedLevel {
  /** Of every label that was given, and of blinded reviews alone (null without). */
  readonly labelMix: LabelMix;
  readonly blindedLabelMix: LabelMix | null;
  readonly annotatedGroups: readonly AnnotatedGroup[];
}
type ComparisonJson = AuditJson['comparisons'][string];
interface ReviewedAudit extends Pick<AuditJson, 'populations' | 'testedChanges'> {
  readonly comparisons: Readonly<
    Record<
      string,
      Pick<
        ComparisonJson,
        | 'accuracy'
        | 'accuracyCurve'
        | 'subgroups'
        | 'equalizedOddsBias'
        | 'representation'
        | 'labelRepresentation'
        | 'associations'
      >
    >
  >;
}

const CAUTION =
  'Wrong labels are found only where somebody looks: where CIE were reviewed more often than other examples, this reading is biased.';

export function reviewedJson(
  delivered: AuditExamples,
  reviewed: Reviewed,
  reviewers: readonly string[],
  levels: ReviewedJson['levels'],
  second: AuditResult | null,
): ReviewedJson {
  const { corrected, confirmed, unsaid, disputed, annotations, examples } = reviewed;
  const name = (labels: Uint16Array, x: number): string => delivered.classes[labels[x]!]!;
  return {
    reviewers,
    caution: CAUTION,
    corrected: [...corrected].map((x) => ({
      id: delivered.ids[x]!,
      delivered: name(delivered.labels, x),
      reviewed: name(examples.labels, x),
    })),
    confirmed,
    unsaid,
    disputed,
    annotations: annotations.map(({ column: _, ...rest }) => rest),
    levels,
    audit: second === null ? null : reviewedAudit(auditJson(second, examples)),
  };
}

function reviewedAudit({ populations, testedChanges, comparisons }: AuditJson): ReviewedAudit {
  return {
    populations,
    testedChanges,
    comparisons: Object.fromEntries(
      Object.entries(comparisons).map(([level, one]) => [
        level,
        {
          accuracy: one.accuracy,
          accuracyCurve: one.accuracyCurve,
          subgroups: one.subgroups,
          equalizedOddsBias: one.equalizedOddsBias,
          representation: one.representation,
          labelRepresentation: one.labelRepresentation,
          associations: one.associations,
        },
      ]),
    ),
  };
}
