/**
 * What the two papers themselves report, as printed, to be read beside an audit. Nothing of it enters the audit.
 * Hooker, Moorosi, Clark, Bengio & Denton 2020, "Characterising bias in compressed models" (arXiv 2010.03058);
 * Kamal & Talbert 2024, "Beyond size and accuracy: the impact of model compression on fairness" (FLAIRS 37).
 */
export interface PaperNumbers {
  /** Where it stands: "Hooker et al. 2020, Table 1". */
  readonly source: string;
  /** What it is of: data, model, members. */
  readonly of: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What to know about it. */
  readonly note?: string;
}

const CELEBA = 'Blond or not on CelebA, ResNet-18, 30 models a level; percent';
const TEN_MODELS = 'Blond or not on CelebA, ResNet-18, means of 10 models; percent';
const COMPAS = 'Recidivism on COMPAS (16,512 rows), 8 hidden layers, mean of 10 models';
const LEVELS = ['pruned 0.3', 'pruned 0.5', 'pruned 0.7', 'pruned 0.9', 'pruned 0.95', 'pruned 0.99'];
const INT8 = ['hybrid int8', 'fixed-point int8'];

/** Rows of names and the numbers of each, given as one text a row. */
const rows = (names: readonly string[], numbers: readonly string[]): readonly (readonly string[])[] =>
  names.map((name, i) => [name, ...(numbers[i] ?? '').split(' ')]);

export const HOOKER_TABLE_1: PaperNumbers = {
  source: 'Hooker et al. 2020, Table 1',
  of: CELEBA,
  columns: ['Level', 'Top-1', 'Modal CIEs'],
  rows: rows(
    ['baseline', ...LEVELS, ...INT8],
    [
      '94.73 —',
      '94.75 555',
      '94.81 638',
      '94.44 990',
      '94.07 3229',
      '93.39 5057',
      '90.98 8754',
      '94.65 404',
      '94.65 414',
    ],
  ),
};

export const HOOKER_TABLE_2: PaperNumbers = {
  source: 'Hooker et al. 2020, Table 2',
  of: `${CELEBA}: top-1 accuracy`,
  columns: ['Level', 'All', 'Modal CIEs', 'Taxicab 90th', 'Taxicab 95th', 'Taxicab 99th'],
  rows: rows(
    [...LEVELS, ...INT8],
    [
      '94.75 49.82 63.58 58.49 55.35',
      '94.81 50.55 63.06 58.88 54.44',
      '94.44 52.61 64.08 61.36 55.29',
      '94.07 50.41 62.35 56.60 50.10',
      '93.39 45.57 60.53 51.99 43.43',
      '90.98 39.84 49.93 39.75 29.21',
      '94.65 48.90 61.69 54.89 45.65',
      '94.65 48.13 61.68 54.41 45.15',
    ],
  ),
};

const GROUPS = ['Rate', 'All', 'Male', 'not Male', 'Young', 'not Young', 'Male, Young', 'Male, not Young'];
const SLIP =
  'The columns of young and of old women are left out: as printed they repeat Young and not Young digit for digit, probably a slip.';

export const HOOKER_TABLE_3: PaperNumbers = {
  source: 'Hooker et al. 2020, Table 3 (middle and bottom rows)',
  of: `${TEN_MODELS}: normalized difference at 95 % pruned`,
  columns: GROUPS,
  rows: rows(
    ['Error', 'FPR', 'FNR'],
    [
      '24.63 24.49 24.67 20.64 35.84 7.96 49.12',
      '12.72 49.54 6.32 3.35 36.02 5.37 101.88',
      '34.22 8.41 40.30 33.83 35.39 9.21 6.98',
    ],
  ),
  note: `${SLIP} Table 4 draws the same for every level, cut at 100, without numbers.`,
};

export const HOOKER_TABLE_5: PaperNumbers = {
  source: 'Hooker et al. 2020, Table 5 (appendix A.2)',
  of: `${TEN_MODELS}: rates of the baseline and at 95 % pruned`,
  columns: GROUPS,
  rows: rows(
    ['Error, baseline', 'FPR, baseline', 'FNR, baseline', 'Error, pruned', 'FPR, pruned', 'FNR, pruned'],
    [
      '5.30 2.37 7.15 5.17 5.73 2.28 2.50',
      '2.73 0.93 4.12 2.59 3.18 0.81 1.12',
      '22.03 62.65 19.09 21.35 24.47 60.45 66.87',
      '6.61 2.95 8.92 6.23 7.78 2.47 3.73',
      '3.08 1.39 4.39 2.67 4.32 0.86 2.25',
      '29.57 67.92 26.78 28.57 33.13 66.02 71.53',
    ],
  ),
  note: SLIP,
};

export const HOOKER_FIGURE_1: PaperNumbers = {
  source: 'Hooker et al. 2020, Figure 1 and Section 2.2',
  of: 'CelebA: share of the training set; percent',
  columns: ['Group', 'Share'],
  rows: rows(['Blond, not Male', 'Blond, Male'], ['14', '0.85']),
  note: 'The figure draws the shares of all 40 attributes; the text gives these two.',
};

export const HOOKER_FIGURE_2: PaperNumbers = {
  source: 'Hooker et al. 2020, Figure 2',
  of: 'CelebA, Taxicab CIE at 80 % pruned: share among CIE against share in the training set',
  columns: [],
  rows: [],
  note: 'The paper draws one point an attribute and prints no numbers: the rarer an attribute, the more it over-indexes.',
};

export const HOOKER_FIGURE_4: PaperNumbers = {
  source: 'Hooker et al. 2020, Figure 4 and Section 3.2',
  of: `${CELEBA}: points of accuracy lost on Modal CIE against all`,
  columns: ['Population', 'Lost on Modal CIE'],
  rows: rows(['baseline', 'pruned 0.99'], ['45.86', '52.51']),
  note: 'On all test images the two differ by less than 3 points. The curves over Taxicab percentiles are drawn without numbers.',
};

export const KAMAL_TABLE_1: PaperNumbers = {
  source: 'Kamal & Talbert 2024, Table 1',
  of: 'COMPAS: rows of each group, training and test together',
  columns: ['Group', 'Rows'],
  rows: rows(
    ['Male', 'Female', 'African American', 'Caucasian', 'Age below 25', 'Age 25 to 45', 'Age above 45'],
    ['13,465', '3,047', '10,074', '6,438', '3,862', '9,423', '3,227'],
  ),
};

export const KAMAL_ACCURACY: PaperNumbers = {
  source: 'Kamal & Talbert 2024, Results (accuracy by subgroup)',
  of: `${COMPAS}: accuracy in percent`,
  columns: ['Attribute', 'baseline', 'pruned 0.5'],
  rows: rows(['Gender', 'Race', 'Age'], ['84.74 84.02', '83.59 82.4', '84.6 82.64']),
  note: 'Beyond 50 % each level lost 2 to 3 points; at 80 % accuracy was 8 to 10 points lower; quantized it stayed close to the baseline.',
};

export const KAMAL_TABLE_2: PaperNumbers = {
  source: 'Kamal & Talbert 2024, Table 2 and Figure 3',
  of: `${COMPAS}: equalized-odds bias`,
  columns: ['Attribute', 'baseline', 'quantized (QAT)', 'pruned 0.8', 'pruned 0.9'],
  rows: rows(
    ['Gender', 'Race', 'Age'],
    ['0.0715 0.0793 0.280 0.3478', '0.1351 0.0917 0.3207 0.4015', '0.89 0.859 1.405 1.4248'],
  ),
  note: 'Figure 3 draws 50 to 90 %; the text gives the values at 90 %. Age sums three pairs of groups, the others one.',
};

export const KAMAL_FIGURES_1_2: PaperNumbers = {
  source: 'Kamal & Talbert 2024, Figures 1 and 2',
  of: `${COMPAS}: size of a saved model`,
  columns: ['Level', 'KB'],
  rows: rows(['baseline', 'quantized (QAT)', 'pruned 0.8', 'pruned 0.9'], ['136', '24', '34', '32']),
  note: 'The paper does not say how the files were packed; a pruned file that is smaller must have been.',
};
