import { useMemo } from 'react';
import type { Dataset } from '#dataset/dataset.ts';
import { DataTable } from '#ui/kit/table-twin.tsx';
import { count } from '#ui/kit/format.ts';

const ROWS = 10;
const COLUMNS = 9;

/** The first rows of a table, instead of a wall of images. */
export function TablePreview({ dataset }: { readonly dataset: Dataset }) {
  const preview = useMemo(() => cells(dataset), [dataset]);
  return (
    <section aria-labelledby="rows">
      <div className="sec-head">
        <h2 id="rows">What is in it</h2>
      </div>
      <DataTable
        caption={`The first ${String(preview.rows.length)} of ${count(dataset.ids.length)} rows${preview.left === 0 ? '' : `, ${String(preview.left)} more columns`}.`}
        columns={[{ name: 'id' }, ...preview.names.map(({ name, numeric }) => ({ name, numeric }))]}
        rows={preview.rows}
      />
    </section>
  );
}

function cells(dataset: Dataset) {
  const numeric = dataset.features.kind === 'table' ? dataset.features.numeric : [];
  const all = [
    ...dataset.columns.map((column) => ({
      name: column.name,
      numeric: false,
      at: (x: number) => column.values[column.codes[x]!] ?? '',
    })),
    ...numeric.map((column) => ({
      name: column.name,
      numeric: true,
      at: (x: number) => (Number.isNaN(column.numbers[x]!) ? '' : String(column.numbers[x]!)),
    })),
  ];
  const names = all.slice(0, COLUMNS);
  return {
    names,
    left: all.length - names.length,
    rows: dataset.ids.slice(0, ROWS).map((id, x) => ({ key: id, cells: [id, ...names.map((column) => column.at(x))] })),
  };
}
