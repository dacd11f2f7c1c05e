import { useState } from 'react';
import type { TensorAccount } from '#compression/account.ts';
import type { WeightHistogram } from '#compression/histogram.ts';
import { FigureTableView, type FigureTable } from '#ui/charts/figure-table.tsx';
import { linePath } from '#ui/charts/marks.tsx';
import { Plot } from '#ui/charts/plot.tsx';
import { linearAxis } from '#ui/charts/ticks.ts';
import { SelectField } from '#ui/kit/field.tsx';
import { count, percent, properMinus } from '#ui/kit/format.ts';
import { levelTitle } from '#ui/kit/levels.ts';
import { Section } from './section.tsx';
import { tensorBefore, type MemberView } from './view.ts';

const WIDTH = 704;

/** The weights of one tensor, before (the baseline member of the same seed) and after. */
export function HistogramFigure({ view }: { readonly view: MemberView }) {
  const [chosen, setChosen] = useState('');
  const tensors = (view.member.tensors ?? []).filter(({ histogram }) => histogram !== undefined);
  const tensor = tensors.find(({ name }) => name === chosen) ?? tensors[0];
  if (tensor?.histogram === undefined)
    return (
      <Section title="The weights before and after">
        <p className="small">
          This member was trained by an earlier version, which did not keep how weights are spread.
        </p>
      </Section>
    );
  const before = tensorBefore(view, tensor)?.histogram ?? null;
  const after = tensor.histogram;
  const title = levelTitle(view.member.key.level);
  const zeros = ({ zeros: n }: WeightHistogram): string => `${percent(n / tensor.size)} (${count(n)})`;
  return (
    <Section
      title="The weights before and after"
      table={<FigureTableView table={binTable(tensor, before, after, title)} />}
      how="Before: the baseline member that started from the same weights and saw the same batches. Heights are shares of all numbers of the tensor in bins of one fortieth of its own width; numbers that are exactly 0 stand in no bin and are counted in words, because they would dwarf all others. Batch norm is folded into the kernels of quantized levels, not into those of the baseline."
    >
      <SelectField
        label="Tensor"
        value={tensor.name}
        options={tensors.map(({ name, size }) => ({ value: name, label: `${name} (${count(size)} numbers)` }))}
        onChange={setChosen}
      />
      <p>
        Exactly 0: {before === null ? '' : `${zeros(before)} before, `}
        {zeros(after)}
        {before === null ? '.' : ' after.'}
        {before === null && view.baseline !== null
          ? ' The baseline has no tensor of this shape to hold beside it.'
          : ''}
      </p>
      <Drawing size={tensor.size} before={before} after={after} title={title} />
    </Section>
  );
}

interface Pair {
  readonly size: number;
  readonly before: WeightHistogram | null;
  readonly after: WeightHistogram;
  readonly title: string;
}

function Drawing({ size, before, after, title }: Pair) {
  const limit = Math.max(before?.limit ?? 0, after.limit);
  if (limit === 0) return <p className="small">Every number of this tensor is 0.</p>;
  /** Shares as if every bin were as wide as those of the wider of the two. */
  const heights = ({ limit: own, counts }: WeightHistogram): readonly number[] =>
    counts.map((n) => (own === 0 ? 0 : ((n / size) * limit) / own));
  const drawn = [before, after].flatMap((histogram) => (histogram === null ? [] : heights(histogram)));
  const axis = (weight: number): string => (weight === 0 ? '0' : properMinus(weight.toPrecision(2)));
  return (
    <Plot
      width={WIDTH}
      height={240}
      margin={{ top: 28, bottom: 40, left: 56, right: 24 }}
      x={{ domain: [-limit, limit], ticks: [-limit, -limit / 2, 0, limit / 2, limit], format: axis }}
      y={linearAxis(drawn, (share) => percent(share, Math.max(...drawn) < 0.05 ? 1 : 0))}
      label={`How the weights are spread between ${axis(-limit)} and ${axis(limit)}, baseline and ${title}; the numbers are in the table.`}
    >
      {({ x, y }) => {
        const bins = (histogram: WeightHistogram) =>
          heights(histogram).map((height, i, all) => ({
            height,
            from: x(histogram.limit * ((2 * i) / all.length - 1)),
            to: x(histogram.limit * ((2 * (i + 1)) / all.length - 1)),
          }));
        return (
          <>
            <text x={56} y={14}>
              {before === null ? null : <tspan className="tb s">— baseline</tspan>}
              <tspan className="tc s" dx={before === null ? 0 : 16}>
                ■ {title}
              </tspan>
              <tspan className="t3" dx={16}>
                share of the tensor’s numbers
              </tspan>
            </text>
            {after.limit === 0
              ? null
              : bins(after).map(({ height, from, to }, i) => (
                  <rect
                    key={i}
                    className="wc"
                    x={from}
                    width={Math.max(0, to - from - 0.5)}
                    y={y(height)}
                    height={y(0) - y(height)}
                  />
                ))}
            {before === null || before.limit === 0 ? null : (
              <path
                className="sb"
                strokeWidth={1.5}
                d={linePath(
                  bins(before).flatMap(({ height, from, to }) => [
                    [from, y(height)] as const,
                    [to, y(height)] as const,
                  ]),
                )}
              />
            )}
            <text className="t3" textAnchor="middle" x={x(0)} y={y(0) + 34}>
              weight
            </text>
          </>
        );
      }}
    </Plot>
  );
}

function binTable(
  { name, size }: TensorAccount,
  before: WeightHistogram | null,
  after: WeightHistogram,
  title: string,
): FigureTable {
  const share = { value: (value: number) => percent(value, 2) };
  const edges = ({ limit, counts }: WeightHistogram, i: number): string => {
    const edge = (at: number): string => properMinus((limit * ((2 * at) / counts.length - 1)).toPrecision(3));
    return `${edge(i)} to ${edge(i + 1)}`;
  };
  return {
    caption: `How the ${count(size)} numbers of ${name} are spread: the share of them in each bin. The bins divide the range of each into ${count(after.counts.length)}.`,
    columns: [
      { name: 'Bin' },
      ...(before === null ? [] : [{ name: 'Baseline, from and to' }, { name: 'Baseline', as: share }]),
      { name: `${title}, from and to` },
      { name: title, as: share },
    ],
    rows: () => [
      {
        key: 'zero',
        cells: ['exactly 0', ...(before === null ? [] : ['0', before.zeros / size]), '0', after.zeros / size],
      },
      ...after.counts.map((n, i) => ({
        key: String(i),
        cells: [
          String(i + 1),
          ...(before === null ? [] : [edges(before, i), before.counts[i]! / size]),
          edges(after, i),
          n / size,
        ],
      })),
    ],
  };
}
