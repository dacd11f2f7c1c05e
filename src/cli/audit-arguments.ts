import type { AuditOptions } from '#audit/result.ts';
import { ok, type Result } from '#lib/result.ts';
import { quoted } from '#sources/formats/refusal.ts';
import { badOption as bad, nameList, readOptions } from './options.ts';

export interface AuditArguments {
  readonly examples: string;
  readonly predictions: string;
  /** Only with predictions in the compact form. */
  readonly members: string | null;
  /** Of the positive class; only with predictions in the compact form, and then may be null too. */
  readonly probabilities: string | null;
  readonly out: string;
  readonly baseline: string;
  /** null: the last class as text. */
  readonly positive: string | null;
  /** null: every further column of the examples. */
  readonly attributes: readonly string[] | null;
  readonly options: Omit<AuditOptions, 'positive'>;
}

const OPTIONS = [
  'examples',
  'predictions',
  'members',
  'probabilities',
  'baseline',
  'positive',
  'attributes',
  'percentiles',
  'tie-rule',
  'seed',
  'out',
] as const;

/** The arguments of `cli audit`, checked. */
export function auditArguments(args: readonly string[]): Result<AuditArguments> {
  const read = readOptions(args, OPTIONS);
  if (!read.ok) return read;
  const { values } = read.value;
  const { examples, predictions, members, probabilities, out, positive, attributes } = values;
  for (const name of ['examples', 'predictions', 'out'] as const) {
    if (values[name] === undefined || values[name] === '')
      return bad(`--${name} is missing, expected the path of a file`);
  }
  const isCompact = /\.npy$/iu.test(predictions!);
  if (isCompact && members === undefined)
    return bad('--members is missing, expected members.csv beside predictions in .npy');
  if (!isCompact && members !== undefined) return bad('--members is of use only with --predictions P.npy');

  if (!isCompact && probabilities !== undefined)
    return bad('--probabilities is of use only with --predictions P.npy; predictions.csv has a column for them');

  const tieRule = values['tie-rule'] ?? 'largest-class';
  if (tieRule !== 'largest-class' && tieRule !== 'seeded-random') {
    return bad(`--tie-rule is ${quoted(tieRule)}, expected largest-class or seeded-random`);
  }
  const seed = Number(values['seed'] ?? '1');
  if (!Number.isSafeInteger(seed) || values['seed']?.trim() === '') {
    return bad(`--seed is ${quoted(values['seed']!)}, expected a whole number`);
  }
  const percentiles = (values['percentiles'] ?? '90,95,99').split(',').map((part) => part.trim());
  const wrong = percentiles.find((part) => !/^\d+(\.\d+)?$/u.test(part) || Number(part) > 100);
  if (wrong !== undefined)
    return bad(`--percentiles holds ${quoted(wrong)}, expected numbers from 0 to 100 and commas`);
  return ok({
    examples: examples!,
    predictions: predictions!,
    members: members ?? null,
    probabilities: probabilities ?? null,
    out: out!,
    baseline: values['baseline'] ?? 'baseline',
    positive: positive ?? null,
    attributes: nameList(attributes) ?? null,
    options: { tieRule, seed, percentiles: percentiles.map(Number), minCount: 1 },
  });
}
