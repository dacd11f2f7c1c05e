import { adapterNames, type GpuCosts, type GpuRow, type Machine, type Ratios, type TrainRow } from './report.ts';

/** A table as text, for a terminal or a page. The first cell of a row names it. */
export interface TextTable {
  readonly caption: string;
  readonly columns: readonly { readonly name: string; readonly numeric: boolean }[];
  readonly rows: readonly { readonly cells: readonly string[]; /** Said after the cells. */ readonly note?: string }[];
}

const NONE = '-';
/** Three significant digits, as long as they are not more than a hundredth: 0.0731, 12.9, 1150. */
export function figure(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  if (value === 0) return '0';
  const digits = Math.max(0, Math.min(4, 2 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toFixed(digits);
}
const megabytes = (bytes: number | null): string => figure(bytes === null ? null : bytes / 1e6);
const kilobytes = (bytes: number | null): string => figure(bytes === null ? null : bytes / 1e3);

const words = (...names: readonly string[]) => names.map((name) => ({ name, numeric: false }));
const numbers = (...names: readonly string[]) => names.map((name) => ({ name, numeric: true }));

export function trainTable(rows: readonly TrainRow[]): TextTable {
  return {
    caption:
      'One training step: median and quartiles of the readings; member-steps and GFLOPS of all workers together (dense-equivalent arithmetic).',
    columns: [
      ...words('trainer', 'where', 'model', 'input'),
      ...numbers('batch', 'workers', 'members', 'ms / step', 'quartiles', 'member-steps / s', 'GFLOPS'),
    ],
    rows: rows.map((row) => ({
      cells: [
        [row.trainer, row.variant ?? row.backend ?? ''].join(' ').trim(),
        row.where,
        row.optimizer === 'sgd' ? row.model : `${row.model} ${row.optimizer}`,
        row.image,
        ...[row.batch, row.workers, row.members].map(String),
        figure(row.msPerStep),
        row.msPerStepQuartiles === null ? NONE : row.msPerStepQuartiles.map(figure).join('..'),
        figure(row.memberStepsPerSecond),
        figure(row.gflops),
      ],
      ...noteOf(row),
    })),
  };
}

export function gpuTable(rows: readonly GpuRow[]): TextTable {
  const costs = (row: GpuCosts): string[] => [
    String(row.batch),
    figure(row.dispatchesPerMemberStep),
    kilobytes(row.bytesPerMemberStep),
    figure(row.memberStepsPerSecond),
    figure(row.firstStepMs),
    megabytes(row.bytesPerMember),
  ];
  return {
    caption:
      'Per member-step, the population beside the layers model of tfjs (stock). Dispatches are draw calls on WebGL; kB are uploads and read-backs; the first step includes compiling.',
    columns: [
      ...words('backend', 'model', 'members'),
      ...numbers('batch', 'dispatches', 'kB moved', 'member-steps / s', 'first step, ms', 'MB / member'),
    ],
    rows: rows.flatMap((row) => [
      { cells: [row.backend, row.model, String(row.members), ...costs(row)], ...noteOf(row) },
      { cells: [row.backend, row.model, 'stock', ...costs(row.stock)], ...noteOf(row.stock) },
    ]),
  };
}

export function ratioTable(what: string, ratios: Ratios): TextTable {
  return {
    caption: `Ratios, ${what}: median and quartiles of the rounds in which both were measured.`,
    columns: [...words('ratio'), ...numbers('value', 'quartiles', 'target'), ...words('met')],
    rows: Object.entries(ratios).map(([name, { value, target, bound, met, quartiles }]) => ({
      cells: [
        name,
        figure(value),
        quartiles === null ? NONE : quartiles.map(figure).join('..'),
        target === null ? NONE : `${bound} ${String(target)}`,
        met === null ? NONE : met ? 'yes' : 'no',
      ],
    })),
  };
}

/** What was measured on, as pairs of name and value. */
export function machineFacts(machine: Machine): readonly (readonly [name: string, value: string])[] {
  const { cpu, cores, system, browser, node, torch } = machine;
  return [
    ['CPU', `${cpu}, ${String(cores)} cores`],
    ['system', system],
    ['browser', browser ?? 'none'],
    ['adapters', adapterNames(machine)],
    ...(node === null ? [] : [['Node', node] as const]),
    ...(torch === null ? [] : [['PyTorch', torch] as const]),
  ];
}

function noteOf({ notAvailable }: { readonly notAvailable?: string }): { readonly note?: string } {
  return notAvailable === undefined ? {} : { note: `not available: ${notAvailable}` };
}

/** The table in characters; every line ends with a line feed. */
export function renderTable({ caption, columns, rows }: TextTable): string {
  const widths = columns.map(({ name }, i) => Math.max(name.length, ...rows.map(({ cells }) => cells[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (columns[i]!.numeric ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [
    caption,
    line(columns.map(({ name }) => name)),
    ...rows.map(({ cells, note }) => (note === undefined ? line(cells) : `${line(cells)}  ${note}`)),
    '',
  ].join('\n');
}
