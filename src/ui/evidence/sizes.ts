import type { ReadyEvidence } from './view.ts';

type Sizes = ReadyEvidence['sizes'];
export type SizeKey = 'denseBytes' | 'gzipBytes' | 'sparseBytes' | 'int8Bytes' | 'int8GzipBytes';

export interface Format {
  readonly key: SizeKey;
  readonly title: string;
}
export const FORMATS: readonly Format[] = [
  { key: 'denseBytes', title: 'Floats' },
  { key: 'gzipBytes', title: 'Floats, gzip' },
  { key: 'sparseBytes', title: 'Sparse format' },
  { key: 'int8Bytes', title: '8-bit integers' },
  { key: 'int8GzipBytes', title: '8-bit, gzip' },
];

/** Bytes of a member of a population in a format; null where not measured. */
export function sizeIn(sizes: Sizes, population: string, key: SizeKey): number | null {
  const bytes = sizes[population]?.[key];
  return bytes === undefined || Number.isNaN(bytes) ? null : bytes;
}

/** How a level would be stored, and its bytes so. */
export interface Stored {
  readonly key: SizeKey;
  readonly words: string;
  readonly bytes: number;
}

/** Rounded levels as integers, the others as floats, both packed with gzip; where gzip was not measured unpacked integers, and the sparse format. Null without sizes. */
export function storedForm(sizes: Sizes, level: string): Stored | null {
  const forms: readonly Omit<Stored, 'bytes'>[] = /int\d/u.test(level)
    ? [
        { key: 'int8GzipBytes', words: 'integers packed with gzip' },
        { key: 'int8Bytes', words: 'integers' },
      ]
    : [
        { key: 'gzipBytes', words: 'floats packed with gzip' },
        { key: 'sparseBytes', words: 'floats in the sparse format' },
      ];
  const measured = forms.flatMap((form) => {
    const bytes = sizeIn(sizes, level, form.key);
    return bytes === null ? [] : [{ ...form, bytes }];
  });
  return measured[0] ?? null;
}
