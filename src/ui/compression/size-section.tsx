import type { TensorAccount } from '#compression/account.ts';
import { stagesOf } from '#compression/spec.ts';
import { FigureTableView, type Cell, type FigureTable } from '#ui/charts/figure-table.tsx';
import { bytes, count, percent } from '#ui/kit/format.ts';
import { levelText, levelTitle } from '#ui/kit/levels.ts';
import { Section } from './section.tsx';
import { tensorBefore, type MemberView } from './view.ts';

const FORMS = [
  { key: 'denseBytes', title: 'Floats' },
  { key: 'gzipBytes', title: 'Floats, gzip' },
  { key: 'sparseBytes', title: 'Sparse rows' },
  { key: 'int8Bytes', title: '8-bit integers' },
  { key: 'int8GzipBytes', title: '8-bit, gzip' },
] as const;
const BYTES = { value: bytes };

/** Bytes of the member in every form, next to its accuracy and to the baseline member of the same seed. */
export function SizeSection({ view }: { readonly view: MemberView }) {
  const { member, baseline } = view;
  const { kind } = stagesOf(view.spec).trained;
  return (
    <Section
      title="What it takes to store"
      {...(member.tensors === undefined
        ? {}
        : { table: <FigureTableView table={tensorSizes(view, member.tensors)} /> })}
      how="Floats: 4 bytes a number. Sparse rows: of each kernel only the numbers that are not 0, with their places (compressed sparse rows), or floats where that is less. 8-bit: kernels as integers with their scales, the rest as floats; what a level rounds to 4 or 2 bits takes that many. Gzip packs the bytes as they are. Everything is computed from the real weights of this member."
    >
      <p>
        A removed weight is still a number, 0, that takes its four bytes: a pruned model is not smaller until it is
        packed in a sparse format or compressed.
        {kind === 'structured'
          ? ' Filters and neurons that were removed are gone: this network is smaller as it is.'
          : ''}
      </p>
      <FigureTableView table={totals(view)} />
      {baseline === null ? null : (
        <p className="small">
          {kind === 'distilled'
            ? 'The student started from weights of its own and saw the same batches'
            : 'Both members started from the same weights and saw the same batches'}{' '}
          (member {String(member.key.index + 1)}).
        </p>
      )}
    </Section>
  );
}

function totals({ member, baseline }: MemberView): FigureTable {
  const level = levelText(member.key.level);
  const before = baseline?.sizes;
  return {
    caption: `One member as bytes: ${levelTitle(member.key.level)} beside the baseline member of the same seed.`,
    columns: [
      { name: 'Stored as' },
      ...(before === undefined ? [] : [{ name: 'Baseline', as: BYTES }]),
      { name: level, as: BYTES },
      ...(before === undefined
        ? []
        : [{ name: 'of the baseline’s floats', as: { value: (share: number) => percent(share) } }]),
    ],
    rows: () => [
      ...FORMS.map(({ key, title }) => ({
        key,
        cells: [
          title,
          ...(before === undefined ? [] : [known(before[key])]),
          known(member.sizes[key]),
          ...(before === undefined ? [] : [known(shareOf(member.sizes[key], before.denseBytes))]),
        ],
      })),
      {
        key: 'accuracy',
        cells: [
          'Accuracy on the audit split',
          ...(baseline === null ? [] : [percent(baseline.accuracy)]),
          percent(member.accuracy),
          ...(baseline === null ? [] : [null]),
        ],
      },
    ],
  };
}

const known = (value: number | undefined): Cell => value ?? { missing: 'not measured' };
const shareOf = (part: number | undefined, whole: number): number | undefined =>
  part === undefined ? undefined : part / whole;

function tensorSizes(view: MemberView, tensors: readonly TensorAccount[]): FigureTable {
  return {
    caption:
      'Each tensor in every form, packed by itself: gzip over all of them at once, as in the total, finds a little more.',
    columns: [
      { name: 'Tensor' },
      { name: 'Numbers', as: { value: count } },
      { name: 'Baseline, gzip', as: BYTES },
      ...FORMS.map(({ title }) => ({ name: title, as: BYTES })),
    ],
    rows: () =>
      tensors.map((tensor) => ({
        key: tensor.name,
        cells: [
          tensor.name,
          tensor.size,
          tensorBefore(view, tensor)?.sizes.gzipBytes ?? { missing: 'no such tensor' },
          ...FORMS.map(({ key }): Cell => tensor.sizes[key]),
        ],
      })),
  };
}
