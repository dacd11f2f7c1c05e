import type { LabelMix } from '#audit/label-mix.ts';
import { count, percentNumber } from '#ui/kit/format.ts';
import { Num } from '#ui/kit/num.tsx';
import { DataTable } from '#ui/kit/table-twin.tsx';
import { rowName } from './words.ts';

interface MixTableProps {
  readonly mix: LabelMix;
  readonly nameOf: (label: string) => string;
  /** Who is compared: "CIE", "Controls". */
  readonly others: string;
  /** What was reviewed and by whom; the intervals are explained after it. */
  readonly caption: string;
}

const signed = (value: number): string => percentNumber(value).replace('-', '−');

/** How often each label was given to CIE and to others, with the difference. */
export function MixTable({ mix, nameOf, others, caption }: MixTableProps) {
  return (
    <DataTable
      caption={`${caption} Shares in percent of those for whom the question was answered, with Wilson intervals; difference in points with Newcombe's interval. All at 95 %, each for itself: not corrected for several labels. Hard to judge is any answer that the questions call so.`}
      columns={[
        { name: 'Label' },
        { name: 'CIE', numeric: true },
        { name: others, numeric: true },
        { name: 'Difference', numeric: true },
      ]}
      rows={mix.rows.map((row) => ({
        key: row.label,
        cells: [
          rowName(row.label, nameOf),
          <Num key="cie" estimate={row.cie} format={percentNumber} reason="none answered" />,
          <Num key="others" estimate={row.others} format={percentNumber} reason="none answered" />,
          <Num
            key="difference"
            estimate={row.difference}
            format={signed}
            reason={`some of both needed, have ${count(row.cieAnswered)} and ${count(row.otherAnswered)}`}
          />,
        ],
      }))}
    />
  );
}
