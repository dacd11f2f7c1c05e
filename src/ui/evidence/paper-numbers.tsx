import { DataTable } from '#ui/kit/table-twin.tsx';
import type { PaperNumbers } from './papers.ts';

/** What the papers themselves report, apart from the numbers of the audit. */
export function PaperTables({ papers }: { readonly papers: readonly PaperNumbers[] }) {
  return (
    <div className="paper-numbers">
      <p className="small">
        <b>As the papers print it.</b> Other data and other models than in this audit: compare directions, not numbers.
      </p>
      {papers.map(({ source, of, columns, rows, note }) => (
        <div key={source}>
          {rows.length === 0 ? (
            <p className="small">
              <b>{source}.</b> {of}.
            </p>
          ) : (
            <DataTable
              caption={
                <>
                  <b>{source}.</b> {of}.
                </>
              }
              columns={columns.map((name, i) => ({ name, numeric: i > 0 }))}
              rows={rows.map((cells) => ({ key: cells[0] ?? '', cells }))}
            />
          )}
          {note === undefined ? null : <p className="small">{note}</p>}
        </div>
      ))}
    </div>
  );
}
