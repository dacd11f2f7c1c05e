import { SPLIT_AUDIT, SPLIT_TRAIN, SPLIT_UNUSED } from '#dataset/dataset.ts';
import { fail, ok, type Result } from '#lib/result.ts';

const TRAIN = new Set(['train', 'training', 'fit']);
const AUDIT = new Set(['test', 'testing', 'audit', 'eval', 'evaluation']);
const VALIDATION = new Set(['val', 'valid', 'validation', 'dev']);

export interface ReadSplit {
  readonly split: Uint8Array; // [example]
  /** How the column was read, for the remarks. */
  readonly rule: string;
}

/**
 * Reads a split column, cells [example], any case. train, training, fit are trained on; test, testing, audit, eval, evaluation are
 * audited; val, valid, validation, dev and everything else are unused, except that validation examples are audited where
 * there is no test. A column of only 0, 1 and 2 is read as train, validation, test, as in CelebA. Refused when nothing is
 * left to train on or to audit.
 */
export function readSplit(cells: readonly string[], column: string, file: string): Result<ReadSplit> {
  const values = cells.map((cell) => cell.trim().toLowerCase());
  const distinct = new Set(values);
  const isCoded = distinct.has('0') && [...distinct].every((value) => ['0', '1', '2'].includes(value));
  const named = isCoded ? values.map((value) => ['train', 'val', 'test'][Number(value)]!) : values;
  const hasTest = named.some((value) => AUDIT.has(value));
  const split = Uint8Array.from(named, (value) => {
    if (TRAIN.has(value)) return SPLIT_TRAIN;
    return AUDIT.has(value) || (!hasTest && VALIDATION.has(value)) ? SPLIT_AUDIT : SPLIT_UNUSED;
  });
  for (const [part, names] of [
    [SPLIT_TRAIN, 'train'],
    [SPLIT_AUDIT, 'test'],
  ] as const) {
    if (!split.includes(part)) {
      return fail(
        'split-empty',
        `${file}, column ${column}: no row is in the ${names} split, expected the values train and test`,
        {
          file,
          column,
        },
      );
    }
  }
  const unused = split.filter((part) => part === SPLIT_UNUSED).length;
  const rule =
    `The split is that of the column ${column}: ${isCoded ? '0 is trained on, 1 is validation, 2' : hasTest ? 'train is trained on, test' : 'train is trained on, validation'} is audited` +
    (unused > 0 ? `; ${String(unused)} examples of other splits are not used.` : '.');
  return ok({ split, rule });
}
