import type { PointAccount, TensorAccount } from '#compression/account.ts';
import { FigureTableView, type Cell, type FigureTable } from '#ui/charts/figure-table.tsx';
import { count, percent, range } from '#ui/kit/format.ts';
import { Section } from './section.tsx';
import type { MemberView } from './view.ts';

const SHARE = { value: (value: number) => percent(value, 2) };
const COUNT = { value: count };
/** Scales are small: four digits that count. */
export const scaleText = (scale: number): string => scale.toPrecision(4);

/** What was done to every tensor, and by which rule. */
export function TensorSection({ view }: { readonly view: MemberView }) {
  const { tensors } = view.member;
  return (
    <Section title="Every tensor">
      {tensors === undefined ? (
        <p className="small">This member was trained by an earlier version, which did not write down what it did.</p>
      ) : (
        <FigureTableView table={tensorTable(tensors)} />
      )}
    </Section>
  );
}

function tensorTable(tensors: readonly TensorAccount[]): FigureTable {
  return {
    caption:
      'Removed: the share of a tensor’s numbers that are 0 in the finished member, or gone from it, beside what the level plans for it. Clipped: the share that lay beyond an end of the grid.',
    columns: [
      { name: 'Tensor' },
      { name: 'Numbers', as: COUNT },
      { name: 'Planned', as: SHARE },
      { name: 'Removed', as: SHARE },
      { name: 'Bits', as: COUNT },
      { name: 'Scale' },
      { name: 'Zero point', as: COUNT },
      { name: 'Clipped', as: SHARE },
      { name: 'What was done, by which rule' },
    ],
    rows: () =>
      tensors.map(({ name, size, plannedSparsity, achievedSparsity, quantization, rule }) => ({
        key: name,
        cells: [
          name,
          size,
          plannedSparsity,
          achievedSparsity,
          quantization?.bits ?? 'float32',
          quantization === null ? null : scalesText(quantization.scales),
          quantization?.zeroPoint ?? null,
          quantization?.clipped ?? null,
          rule,
        ],
      })),
  };
}

/** One scale, or the least and the largest of several. */
function scalesText(scales: readonly number[]): string {
  const [low, high] = [Math.min(...scales), Math.max(...scales)];
  return scales.length === 1
    ? scaleText(scales[0]!)
    : `${range(low, high, scaleText)} (${count(scales.length)} channels)`;
}

/** How the values between the layers are rounded; nothing where they are not, or not by a fixed grid. */
export function PointSection({ view }: { readonly view: MemberView }) {
  const points = view.member.activations ?? [];
  if (points.length === 0) return null;
  return (
    <Section title="Every value between the layers">
      <FigureTableView table={pointTable(points)} />
    </Section>
  );
}

function pointTable(points: readonly PointAccount[]): FigureTable {
  const clipped = (point: PointAccount): Cell => point.clipped ?? { missing: 'not counted' };
  return {
    caption:
      'The grid of each activation, and the range that was seen on the calibration examples. Clipped: the share of their values that lay beyond an end of the grid.',
    columns: [
      { name: 'Output of' },
      { name: 'Range seen' },
      { name: 'Scale' },
      { name: 'Zero point', as: COUNT },
      { name: 'Clipped', as: SHARE },
      { name: 'What was done, by which rule' },
    ],
    rows: () =>
      points.map((point) => ({
        key: point.name,
        cells: [
          point.name,
          point.range === null ? null : range(...point.range, (end) => end.toPrecision(3)),
          scaleText(point.grid.scale),
          point.grid.zeroPoint,
          clipped(point),
          point.rule,
        ],
      })),
  };
}
