import type { Dataset } from '#dataset/dataset.ts';
import { ok, type Result } from '#lib/result.ts';
import { parseCsv } from '#sources/formats/csv.ts';
import { tableDataset } from '#sources/table.ts';

export const COMPAS_FILE = 'compas.csv';
const INPUTS = [
  'sex',
  'race',
  'age',
  'juv_fel_count',
  'juv_misd_count',
  'juv_other_count',
  'priors_count',
  'c_charge_degree',
];
const SPLIT_SEED = 1;

/** ProPublica's two-years file: who was charged again within two years. A seeded 70/30 split, the same every time. */
export function compasDataset(file: Uint8Array): Result<Omit<Dataset, 'hash'>> {
  const parsed = parseCsv(new TextDecoder().decode(file), COMPAS_FILE);
  if (!parsed.ok) return parsed;
  const made = tableDataset(
    { ...parsed.value, file: COMPAS_FILE },
    { kind: 'table', label: 'two_year_recid', split: null, attributes: ['sex', 'race', 'age_cat'], inputs: INPUTS },
    SPLIT_SEED,
  );
  if (!made.ok) return made;
  return ok({
    ...made.value,
    name: 'COMPAS',
    noun: ['defendant', 'defendants'],
    origin: { kind: 'builtin', id: 'compas' },
    remarks: [
      '7,214 defendants of Broward County, Florida, from public records published by ProPublica in 2016, without names, dates and cases.',
      'The models do not see decile_score and score_text (the prediction of COMPAS itself) nor is_recid (which gives the answer away).',
      '70 % of the defendants, drawn with seed 1, are trained on and 30 % audited.',
    ],
    question: { target: 'two_year_recid', positive: '1', attributes: ['sex', 'race', 'age_cat'], minCount: 30 },
  });
}
