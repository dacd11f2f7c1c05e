import type { Measure } from './view.ts';

/** What the three rates are called. */
export const MEASURE_WORDS: Readonly<
  Record<Measure, { readonly one: string; readonly many: string; readonly rate: string; readonly short: string }>
> = {
  error: { one: 'Error', many: 'errors', rate: 'error rate', short: 'Error' },
  fpr: { one: 'False positives', many: 'false positives', rate: 'false positive rate', short: 'FPR' },
  fnr: { one: 'False negatives', many: 'false negatives', rate: 'false negative rate', short: 'FNR' },
};
