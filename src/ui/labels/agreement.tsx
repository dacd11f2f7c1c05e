import { useEffect, useMemo, useState } from 'react';
import type { ReviewerAgreement } from '#audit/reviewers.ts';
import { sharedQuestions } from '#audit/reviewers-votes.ts';
import { REVIEW } from '#review/schema.ts';
import { useLabels } from '#store/labels.ts';
import { measureAgreement } from '#store/review.ts';
import { SelectField } from '#ui/kit/field.tsx';
import { count } from '#ui/kit/format.ts';
import { Note } from '#ui/kit/note.tsx';
import { Num } from '#ui/kit/num.tsx';
import { DataTable } from '#ui/kit/table-twin.tsx';

const twoDigits = (value: number): string => value.toFixed(2).replace('-', '−');
const REASON = 'no shared examples, or one answer only';

/** How far reviewers agree beyond chance, all together and two by two. */
export function Agreement() {
  const votes = useLabels(({ board }) => board.votes);
  const schema = useLabels((one) => one.schema);
  const [chosen, setChosen] = useState(REVIEW);
  const questions = useMemo(() => sharedQuestions(votes), [votes]);
  const question = questions.includes(chosen) ? chosen : (questions[0] ?? REVIEW);
  const asked = schema.find(({ id }) => id === question);
  const [state, setState] = useState<{ readonly agreement: ReviewerAgreement | null; readonly problem: string | null }>(
    {
      agreement: null,
      problem: null,
    },
  );
  const several = votes.size > 1;
  useEffect(() => {
    if (!several) return undefined;
    let wanted = true;
    measureAgreement(votes, question).then(
      (agreement) => {
        if (wanted) setState({ agreement, problem: null });
      },
      (error: unknown) => {
        if (wanted) setState({ agreement: null, problem: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => {
      wanted = false;
    };
  }, [votes, question, several]);
  const { agreement, problem } = state;
  return (
    <section aria-labelledby="agreement" aria-busy={several && agreement === null && problem === null}>
      <h2 id="agreement">How far they agree</h2>
      {questions.length < 2 ? null : (
        <SelectField
          label="Question"
          value={question}
          options={questions.map((id) => ({ value: id, label: schema.find((one) => one.id === id)?.name ?? id }))}
          onChange={setChosen}
        />
      )}
      {!several ? (
        <p className="small">
          It takes two. Add the labels of somebody else below, or let somebody label under another name.
        </p>
      ) : problem !== null ? (
        <Note tone="warn" fact="The agreement could not be computed." live>
          {problem}
        </Note>
      ) : agreement === null ? (
        <p className="small">Counting…</p>
      ) : (
        <DataTable
          caption={`Agreement beyond chance on “${asked?.name ?? question}”: 1 is complete, 0 is what chance gives, below 0 is less than that. Two agree on an example where they gave the very same answers${asked?.kind === 'rating' ? ' (1 against 2 counts as different as 1 against 5)' : ''}; what one did not answer is left out. 95 % intervals: bootstrap over examples, 1,000 repeats; none where all agree.`}
          columns={[{ name: 'Measure' }, { name: 'Examples', numeric: true }, { name: 'Value', numeric: true }]}
          rows={[
            ["Krippendorff's alpha, everyone", agreement.shared, agreement.krippendorff] as const,
            ["Fleiss' kappa, everyone", agreement.shared, agreement.fleiss] as const,
            ...agreement.pairs.map(
              ({ a, b, shared, same, cohen }) =>
                [`Cohen's kappa, ${a} and ${b} (same on ${count(same)})`, shared, cohen] as const,
            ),
          ].map(([name, shared, estimate]) => ({
            key: name,
            cells: [name, count(shared), <Num key="value" estimate={estimate} format={twoDigits} reason={REASON} />],
          }))}
        />
      )}
    </section>
  );
}
