import { useState, type ReactNode } from 'react';
import { HARD, labelMix } from '#audit/label-mix.ts';
import { WRONG_LABEL } from '#review/schema.ts';
import { useLabels } from '#store/labels.ts';
import type { BlindedReview } from '#store/review.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { SelectField } from '#ui/kit/field.tsx';
import { levelText } from '#ui/kit/levels.ts';
import { PageHead } from '#ui/kit/page-head.tsx';
import { MixTable } from './mix-table.tsx';
import type { Asked } from './use-asked.ts';
import { sentenceOf } from './words.ts';

interface BlindedEvaluationProps {
  readonly asked: Asked;
  readonly review: BlindedReview;
  readonly votes: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  readonly back: ReactNode;
  readonly onLeave: () => void;
}

const NOBODY: ReadonlyMap<string, readonly string[]> = new Map();

/** Were CIE judged harder or wrongly labelled more often than controls? One reviewer at a time: pooled votes are not independent. */
export function BlindedEvaluation({ asked, review, votes, back, onLeave }: BlindedEvaluationProps) {
  const me = useLabels(({ reviewer }) => reviewer);
  const [chosen, setChosen] = useState<string | null>(null);
  const reviewers = [...votes.keys()].sort();
  const who = chosen ?? (votes.has(me) ? me : (reviewers[0] ?? me));
  const isCie = new Set(review.cie);
  const mix = labelMix(votes.get(who) ?? NOBODY, (id) => isCie.has(id), asked.schema);
  const told = mix.rows.filter(({ label }) => label === HARD || label === WRONG_LABEL);
  return (
    <main className="page review-page">
      <PageHead
        over={<LinkButton onClick={onLeave}>Blinded reviews</LinkButton>}
        title={`What ${who === me ? 'you' : who} said blinded, ${levelText(review.level)}`}
        action={back}
      />
      {reviewers.length > 1 ? (
        <SelectField
          label="Reviewer"
          value={who}
          options={reviewers.map((name) => ({ value: name, label: name }))}
          onChange={setChosen}
        />
      ) : null}
      {told.map((row) => (
        <p className="blind-finding" key={row.label}>
          {sentenceOf(row, asked.nameOf)}
        </p>
      ))}
      <MixTable
        mix={mix}
        nameOf={asked.nameOf}
        others="Controls"
        caption={`What was said of ${String(mix.cie)} CIE and ${String(mix.others)} controls of the same classes.`}
      />
      <p className="small">
        {review.cie.length} CIE and {review.order.length - review.cie.length} controls were in the queue; only what was
        reviewed counts.
      </p>
    </main>
  );
}
