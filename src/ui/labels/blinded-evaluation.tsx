import { useState, type ReactNode } from 'react';
import { compareBlinded } from '#audit/blinded-review.ts';
import { DEFAULT_TAXONOMY } from '#audit/review-labels.ts';
import { useLabels } from '#store/labels.ts';
import type { BlindedReview } from '#store/review.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { SelectField } from '#ui/kit/field.tsx';
import { percentNumber } from '#ui/kit/format.ts';
import { levelText } from '#ui/kit/levels.ts';
import { Num } from '#ui/kit/num.tsx';
import { PageHead } from '#ui/kit/page-head.tsx';
import { DataTable } from '#ui/kit/table-twin.tsx';
import { rowName, sentenceOf } from './words.ts';

interface BlindedEvaluationProps {
  readonly review: BlindedReview;
  readonly votes: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  readonly back: ReactNode;
  readonly onLeave: () => void;
}

const LABELS = DEFAULT_TAXONOMY.map(({ id }) => id);
const NOBODY: ReadonlyMap<string, readonly string[]> = new Map();
const signed = (value: number): string => percentNumber(value).replace('-', '−');

/** Were CIE judged harder or wrongly labelled more often than controls? One reviewer at a time: pooled votes are not independent. */
export function BlindedEvaluation({ review, votes, back, onLeave }: BlindedEvaluationProps) {
  const me = useLabels(({ reviewer }) => reviewer);
  const [chosen, setChosen] = useState<string | null>(null);
  const reviewers = [...votes.keys()].sort();
  const who = chosen ?? (votes.has(me) ? me : (reviewers[0] ?? me));
  const { cie, controls, rows } = compareBlinded(votes.get(who) ?? NOBODY, new Set(review.cie), LABELS);
  const [hard, ...labels] = rows;
  const wrong = labels.find(({ label }) => label === 'wrong-label');
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
      {[hard, wrong].map((row) =>
        row ? (
          <p className="blind-finding" key={row.label}>
            {sentenceOf(row)}
          </p>
        ) : null,
      )}
      <DataTable
        caption={`Share of ${String(cie)} CIE and ${String(controls)} controls of the same classes that were given each label, percent, with Wilson intervals; difference in points with Newcombe's interval. All at 95 %, each for itself: not corrected for several labels. Hard to judge is any of ambiguous, several objects, low quality.`}
        columns={[
          { name: 'Label' },
          { name: 'CIE', numeric: true },
          { name: 'Controls', numeric: true },
          { name: 'Difference', numeric: true },
        ]}
        rows={rows.map((row) => ({
          key: row.label,
          cells: [
            rowName(row.label),
            <Num key="cie" estimate={row.cie} format={percentNumber} reason="none reviewed" />,
            <Num key="controls" estimate={row.controls} format={percentNumber} reason="none reviewed" />,
            <Num key="difference" estimate={row.difference} format={signed} reason="some of both needed" />,
          ],
        }))}
      />
      <p className="small">
        {review.cie.length} CIE and {review.order.length - review.cie.length} controls were in the queue; only what was
        reviewed counts.
      </p>
    </main>
  );
}
