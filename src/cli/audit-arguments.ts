import { parseArgs } from 'node:util';
import type { AuditOptions } from '#audit/result.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { quoted } from '#sources/formats/refusal.ts';

export interface AuditArguments {
  readonly examples: string;
  readonly predictions: string;
  /** Only with predictions in the compact form. */
  readonly members: string | null;
  readonly out: string;
  readonly baseline: string;
  /** null: the last class as text. */
  readonly positive: string | null;
  /** null: every further column of the examples. */
  readonly attributes: readonly string[] | null;
  readonly options: Omit<AuditOptions, 'positive'>;
}

/** The arguments of `cli audit`, checked. */
export function auditArguments(args: readonly string[]): Result<AuditArguments> {
  let values: Readonly<Record<string, string | undefined>>;
  try {
    const text = { type: 'string' } as const;
    values = parseArgs({
      args: [...args],
      options: {
        examples: text,
        predictions: text,
        members: text,
        baseline: text,
        positive: text,
        attributes: text,
        percentiles: text,
        'tie-rule': text,
        seed: text,
        out: text,
      },
    }).values;
  } catch (error) {
    return bad(error instanceof Error ? (error.message.split(/[\r\n]|\. /u)[0] ?? '') : String(error));
  }
  const { examples, predictions, members, out, positive, attributes } = values;
  for (const name of ['examples', 'predictions', 'out']) {
    if (values[name] === undefined || values[name] === '')
      return bad(`--${name} is missing, expected the path of a file`);
  }
  const isCompact = /\.npy$/iu.test(predictions!);
  if (isCompact && members === undefined)
    return bad('--members is missing, expected members.csv beside predictions in .npy');
  if (!isCompact && members !== undefined) return bad('--members is of use only with --predictions P.npy');

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
    out: out!,
    baseline: values['baseline'] ?? 'baseline',
    positive: positive ?? null,
    attributes:
      attributes === undefined
        ? null
        : attributes
            .split(',')
            .map((part) => part.trim())
            .filter((part) => part !== ''),
    options: { tieRule, seed, percentiles: percentiles.map(Number), minCount: 1 },
  });
}

const bad = (sentence: string): Result<never> => fail('arguments', sentence);
