import { availableParallelism } from 'node:os';
import { ok, type Result } from '#lib/result.ts';
import { quoted } from '#sources/formats/refusal.ts';
import { WEIGHTS_FORMS, type WeightsForm } from '#storage/weight-files.ts';
import { DATA_OPTIONS, dataArguments, type DataArguments } from './data-arguments.ts';
import { badOption, nameList, readOptions, wholeNumber } from './options.ts';
import type { MemberRange, NodeBackend } from './train-plan.ts';

export interface RunArguments {
  readonly plan: string;
  readonly data: DataArguments;
  readonly out: string;
  /** null: every member. */
  readonly range: MemberRange | null;
  readonly workers: number;
  readonly backend: NodeBackend;
  /** Levels whose weights are written, or `all`; empty: none. */
  readonly weights: readonly string[];
  readonly weightsForm: WeightsForm;
}

const MOST_WORKERS = 256;
const RUN_OPTIONS = [
  ...DATA_OPTIONS,
  'plan',
  'out',
  'member-range',
  'workers',
  'backend',
  'weights',
  'weights-form',
] as const;

/** The arguments of `cli run`, checked. */
export function runArguments(args: readonly string[]): Result<RunArguments> {
  const read = readOptions(args, RUN_OPTIONS);
  if (!read.ok) return read;
  const { values } = read.value;
  const { plan, out, backend = 'simd' } = values;
  if (plan === undefined || plan === '') return badOption('--plan is missing, expected the path of a plan.json');
  if (out === undefined || out === '') return badOption('--out is missing, expected the path of a folder');
  if (backend !== 'simd' && backend !== 'reference')
    return badOption(`--backend is ${quoted(backend)}, expected simd or reference`);
  const data = dataArguments(values);
  if (!data.ok) return data;
  const workers =
    values.workers === undefined ? ok(availableParallelism()) : wholeNumber('workers', values.workers, 1, MOST_WORKERS);
  if (!workers.ok) return workers;
  const form = weightsForm(values.weights, values['weights-form']);
  if (!form.ok) return form;
  const range = values['member-range'] === undefined ? ok(null) : memberRange(values['member-range']);
  if (!range.ok) return range;
  return ok({
    plan,
    data: data.value,
    out,
    range: range.value,
    workers: workers.value,
    backend,
    weights: nameList(values.weights) ?? [],
    weightsForm: form.value,
  });
}

function weightsForm(weights: string | undefined, text: string | undefined): Result<WeightsForm> {
  const form = WEIGHTS_FORMS.find((name) => name === (text ?? 'dense'));
  if (form === undefined) return badOption(`--weights-form is ${quoted(text!)}, expected ${WEIGHTS_FORMS.join(', ')}`);
  if (text !== undefined && weights === undefined) return badOption('--weights-form is of use only with --weights');
  return ok(form);
}

function memberRange(text: string): Result<MemberRange> {
  const found = /^(\d{1,6})\.\.(\d{1,6})$/u.exec(text);
  const [first, last] = [Number(found?.[1]), Number(found?.[2])];
  if (found !== null && first <= last) return ok({ first, last });
  return badOption(`--member-range is ${quoted(text)}, expected A..B, the first and the last member, counted from 0`);
}
