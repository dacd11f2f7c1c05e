import { useMemo, useState } from 'react';
import type { Dataset, Question } from '#dataset/dataset.ts';
import { columnOf } from '#dataset/build.ts';
import { attributeFrequencies } from '#dataset/overview.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { count, percent, percentNumber } from '#ui/kit/format.ts';
import { TableTwin } from '#ui/kit/table-twin.tsx';
import { valueWords } from '#ui/kit/value-words.ts';

const FIRST = 16;

/** How frequent every attribute is, most frequent first: the long tail that an average does not see. */
export function LongTail({ dataset, question }: { readonly dataset: Dataset; readonly question: Question }) {
  const rows = useMemo(() => attributeFrequencies(dataset), [dataset]);
  const [all, setAll] = useState(false);
  const looked = new Set([question.target, ...question.attributes]);
  const most = Math.max(...rows.map((row) => row.share), Number.EPSILON);
  const named = rows.map((row) => ({ ...row, name: valueWords(columnOf(dataset, row.column), row.column, row.value) }));
  const shown = all ? named : named.slice(0, FIRST);
  return (
    <section aria-labelledby="tail">
      <div className="sec-head">
        <h2 id="tail">Its long tail</h2>
        <span className="no">share of all {dataset.noun[1]}</span>
      </div>
      <ul className="bars data-tail">
        {shown.map((row) => (
          <li key={`${row.column}/${row.value}`} className={looked.has(row.column) ? 'pick' : ''}>
            <span className="cut" title={row.name}>
              {row.name}
            </span>
            <span className="trk">
              <i style={{ width: `${String((100 * row.share) / most)}%` }} />
            </span>
            <span>
              {percentNumber(row.share)}
              <span className="mute"> %</span>
            </span>
          </li>
        ))}
      </ul>
      <p className="small" style={{ marginTop: 8 }}>
        Bold: what this audit looks at.{' '}
        {named.length <= FIRST ? null : (
          <>
            <LinkButton expanded={all} onClick={() => setAll(!all)}>
              {all ? `Only the first ${String(FIRST)}` : `All ${String(named.length)}`}
            </LinkButton>{' '}
          </>
        )}
      </p>
      <TableTwin
        caption={`How many ${dataset.noun[1]} have each value, in all splits; missing cells count in the total.`}
        columns={[{ name: 'Value' }, { name: dataset.noun[1], numeric: true }, { name: 'share', numeric: true }]}
        rows={() =>
          named.map((row) => ({
            key: `${row.column}/${row.value}`,
            cells: [row.name, count(row.count), percent(row.share)],
          }))
        }
      />
    </section>
  );
}
