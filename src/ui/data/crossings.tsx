import { useMemo, useState } from 'react';
import { columnOf } from '#dataset/build.ts';
import type { Dataset, Question } from '#dataset/dataset.ts';
import { groupCounts, groupsTooSmall } from '#dataset/overview.ts';
import type { GroupCount, SmallGroup } from '#dataset/overview.ts';
import { SelectField } from '#ui/kit/field.tsx';
import { count } from '#ui/kit/format.ts';
import { Note } from '#ui/kit/note.tsx';
import { valueWords } from '#ui/kit/value-words.ts';

interface CrossingsProps {
  readonly dataset: Dataset;
  readonly question: Question;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Audited examples where two attributes meet, by class; what is too few for a rate is hatched and said in words. */
export function Crossings({ dataset, question }: CrossingsProps) {
  const pairs = useMemo(() => pairsOf(question.attributes), [question.attributes]);
  const [chosen, setChosen] = useState(0);
  const pair = pairs[chosen] ?? pairs[0];
  const rows = useMemo(
    () =>
      pair === undefined
        ? []
        : [...groupCounts(dataset, question.target, pair[0], pair[1])].sort((a, b) => b.total - a.total),
    [dataset, question.target, pair],
  );
  const small = useMemo(() => groupsTooSmall(dataset, question), [dataset, question]);
  const target = columnOf(dataset, question.target);
  const positive = target?.values.indexOf(question.positive) ?? -1;
  const positiveWords = valueWords(target, question.target, question.positive);
  const words = (group: GroupCount['group']): string =>
    capital(group.map(({ column, value }) => valueWords(columnOf(dataset, column), column, value)).join(', '));
  return (
    <section aria-labelledby="meet">
      <div className="sec-head">
        <h2 id="meet">Where attributes meet</h2>
        <span className="no">audited {dataset.noun[1]}</span>
      </div>
      {pairs.length < 2 ? null : (
        <SelectField
          label="Attributes"
          value={String(pairs.indexOf(pair ?? pairs[0]!))}
          options={pairs.map((names, index) => ({ value: String(index), label: names.join(' and ') }))}
          onChange={(value) => setChosen(Number(value))}
        />
      )}
      {rows.length === 0 ? (
        <p className="small">Choose an attribute to compare groups by.</p>
      ) : (
        <table className="tbl cross">
          <thead>
            <tr>
              <th scope="col">Group</th>
              <th scope="col" className="n">
                Not {positiveWords}
              </th>
              <th scope="col" className="n">
                {positiveWords}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const own = row.counts[positive] ?? 0;
              return (
                <tr key={words(row.group)}>
                  <th scope="row">{words(row.group)}</th>
                  <Cell n={row.total - own} needed={question.minCount} most={rows[0]?.total ?? 1} />
                  <Cell n={own} needed={question.minCount} most={rows[0]?.total ?? 1} />
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      <TooFew small={small} words={words} positive={positiveWords} />
    </section>
  );
}

/** One attribute alone, or every pair. */
function pairsOf(names: readonly string[]): readonly (readonly [string] | readonly [string, string])[] {
  if (names.length === 1) return [[names[0]!]];
  return names.flatMap((first, i) => names.slice(i + 1).map((second) => [first, second] as const));
}

function Cell({ n, needed, most }: { readonly n: number; readonly needed: number; readonly most: number }) {
  const few = n < needed;
  const side = few ? 10 : Math.max(3, 24 * Math.sqrt(n / Math.max(1, most)));
  return (
    <td className="n">
      <span className="cell">
        <span className={few ? 'ne-mark' : 'sq'} style={{ width: side, height: side }} aria-hidden="true" />
        <span style={{ minWidth: '2.6em' }}>
          {count(n)}
          {few ? <span className="vh">, too few for a rate</span> : null}
        </span>
      </span>
    </td>
  );
}

interface TooFewProps {
  readonly small: readonly SmallGroup[];
  readonly words: (group: GroupCount['group']) => string;
  readonly positive: string;
}

const LISTED = 6;

function TooFew({ small, words, positive }: TooFewProps) {
  if (small.length === 0) return null;
  const line = ({ group, rate, count: n, needed }: SmallGroup): string =>
    `${words(group)}: ${count(n)} ${rate === 'fnr' ? positive : `not ${positive}`}, ${String(needed)} needed for a false ${rate === 'fnr' ? 'negative' : 'positive'} rate`;
  return (
    <div style={{ marginTop: 16 }}>
      <Note tone="few" fact={`Too few to estimate: ${String(small.length)} ${small.length === 1 ? 'rate' : 'rates'}.`}>
        They will show a dash, not a number.
        <ul className="plain">
          {small.slice(0, LISTED).map((item) => (
            <li key={line(item)}>{line(item)}</li>
          ))}
        </ul>
        {small.length <= LISTED ? null : (
          <details>
            <summary>{small.length - LISTED} more</summary>
            <ul className="plain">
              {small.slice(LISTED).map((item) => (
                <li key={line(item)}>{line(item)}</li>
              ))}
            </ul>
          </details>
        )}
      </Note>
    </div>
  );
}
