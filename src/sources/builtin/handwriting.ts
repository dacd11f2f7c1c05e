import { gunzipSync } from 'fflate';
import { categoricalColumn } from '#dataset/build.ts';
import type { Dataset } from '#dataset/dataset.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { parseCsv } from '#sources/formats/csv.ts';
import { parseIdx } from '#sources/formats/idx.ts';
import { readSplit } from '#sources/split-column.ts';
import { cellsOf, missingColumn } from '#sources/table.ts';

export const HANDWRITING_FILES = ['handwriting-images.idx.gz', 'handwriting-attributes.csv.gz'] as const;

/** Some servers unpack .gz on the way, so it is unpacked here only if it still is packed. */
export const unpacked = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;

/** The 10,000 MNIST test digits with who wrote them, from the two files that come with the app. */
export function handwritingDataset(imageFile: Uint8Array, attributeFile: Uint8Array): Result<Omit<Dataset, 'hash'>> {
  const images = parseIdx(unpacked(imageFile), HANDWRITING_FILES[0]);
  if (!images.ok) return images;
  const parsed = parseCsv(new TextDecoder().decode(unpacked(attributeFile)), HANDWRITING_FILES[1]);
  if (!parsed.ok) return parsed;
  const table = { ...parsed.value, file: HANDWRITING_FILES[1] };
  const missing = missingColumn(table, ['label', 'population', 'split']);
  if (missing) return missing;
  const split = readSplit(cellsOf(table, 'split'), 'split', table.file);
  if (!split.ok) return split;
  const [count = 0, height = 0, width = 0] = images.value.shape;
  if (count !== table.rows.length)
    return fail('handwriting', `${String(count)} digits but ${String(table.rows.length)} rows of attributes`);
  return ok({
    name: 'Handwriting',
    noun: ['digit', 'digits'],
    origin: { kind: 'builtin', id: 'handwriting' },
    ids: table.rows.map((_, i) => `digit-${String(i).padStart(4, '0')}`),
    features: { kind: 'images', width, height, channels: 1, pixels: images.value.data.slice() },
    columns: [
      categoricalColumn('Digit', cellsOf(table, 'label')),
      categoricalColumn('Writer', cellsOf(table, 'population')),
    ],
    split: split.value.split,
    remarks: [
      'The 10,000 MNIST test digits (LeCun, Cortes, Burges; CC BY-SA 3.0) with the writers that QMNIST found (Yadav, Bottou; BSD).',
      'Writers are high-school students or employees of the Census Bureau. No writer is in both splits.',
    ],
    question: { target: 'Digit', positive: '8', attributes: ['Writer'], minCount: 30 },
  });
}
