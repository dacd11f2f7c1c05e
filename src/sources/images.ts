import { randomSplit } from '#dataset/build.ts';
import type { Column, Dataset } from '#dataset/dataset.ts';
import { fail, ok, type Result } from '#lib/result.ts';
import { readImageHeader, type ImageHeader } from './formats/image-header.ts';
import { imageKey, indexImages, type Held } from './inspect.ts';
import { stopped, type Job } from './job.ts';
import type { Mapping, SkippedFile } from './source.ts';
import { readSplit } from './split-column.ts';
import { cellsOf, firstQuestion, missingColumn, readCategorical, type NamedTable } from './table.ts';

/** Decodes a picture whose header was checked to size x size RGB bytes, cropped to its centre square. */
export interface ImageDecoder {
  readonly decode: (bytes: Uint8Array, header: ImageHeader, size: number) => Promise<Result<Uint8Array>>;
  /** What a reader must know of this decoder, or null. */
  readonly remark: string | null;
}

export const LARGEST_IMAGE = 64_000_000;
const MOST_BYTES = 1_000_000_000;
const AT_ONCE = 4;

interface Row {
  readonly row: number; // in the table, from 0
  readonly id: string;
  readonly read: () => Promise<Result<Uint8Array>>;
}

export interface ImagesOutcome {
  readonly dataset: Omit<Dataset, 'hash'>;
  readonly skipped: readonly SkippedFile[];
}

/**
 * Decodes the pictures that a table names, four at a time. A row without a usable picture is skipped with the reason, as is a
 * picture that no row names. Refused when fewer than two examples are left, or the result would exceed 1 GB.
 */
export async function imageDataset(
  held: Held,
  mapping: Extract<Mapping, { kind: 'images' }>,
  seed: number,
  decoder: ImageDecoder,
  job: Job,
): Promise<Result<ImagesOutcome>> {
  const { table, files } = held;
  const { size } = mapping;
  if (!Number.isInteger(size) || size < 16 || size > 64)
    return fail('image-size', 'Pictures are made 16 to 64 pixels wide.');
  const attributes = mapping.attributes.filter((name) => name !== mapping.label && name !== mapping.image);
  const missing = missingColumn(table, [mapping.image, mapping.label, mapping.split, ...attributes]);
  if (missing) return missing;
  const skipped: SkippedFile[] = [...files.skipped];
  const rows = matchRows(held, mapping.image, skipped);
  const bytes = size * size * 3;
  if (rows.length * bytes > MOST_BYTES) {
    return fail(
      'images-large',
      `${String(rows.length)} pictures of ${String(size)} x ${String(size)} need more than 1 GB; choose a smaller size.`,
    );
  }
  let pixels = new Uint8Array(rows.length * bytes);
  const kept: Row[] = [];
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    if (job.signal.aborted) return stopped();
    const batch = rows.slice(at, at + AT_ONCE);
    const pictures = await Promise.all(batch.map((row) => decodeRow(row, size, decoder)));
    pictures.forEach((picture, i) => {
      const row = batch[i]!;
      if (picture.ok) {
        pixels.set(picture.value, kept.length * bytes);
        kept.push(row);
      } else skipped.push({ name: row.id, reason: picture.problem.message });
    });
    job.onProgress({ stage: 'Decoding images', done: Math.min(at + AT_ONCE, rows.length), total: rows.length });
    await job.rest();
  }
  if (kept.length < 2) {
    const why = skipped[0] ? ` (${skipped[0].name}: ${skipped[0].reason})` : '';
    return fail(
      'no-images',
      `${table.file}: ${String(kept.length)} of ${String(table.rows.length)} rows have a picture that can be used${why}`,
      { file: table.file },
    );
  }
  if (kept.length < rows.length) pixels = pixels.slice(0, kept.length * bytes);
  const dataset = describe(keepRows(table, kept), kept, mapping, attributes, pixels, seed);
  if (!dataset.ok) return dataset;
  const remarks = decoder.remark === null ? dataset.value.remarks : [...dataset.value.remarks, decoder.remark];
  return ok({ dataset: { ...dataset.value, remarks, origin: { kind: 'files', names: files.names } }, skipped });
}

async function decodeRow(row: Row, size: number, decoder: ImageDecoder): Promise<Result<Uint8Array>> {
  const bytes = await row.read();
  if (!bytes.ok) return bytes;
  const header = readImageHeader(bytes.value);
  return header.ok ? decoder.decode(bytes.value, header.value, size) : header;
}

/** The rows that name a picture, each picture once; what does not fit goes to `skipped`. */
function matchRows({ table, files }: Held, column: string, skipped: SkippedFile[]): readonly Row[] {
  const index = indexImages(files.images);
  const named = new Map<string, number>();
  const rows: Row[] = [];
  cellsOf(table, column).forEach((cell, row) => {
    const line = `${table.file}, row ${String(table.rowNumbers[row]!)}`;
    const file = index.get(imageKey(cell));
    if (cell === '') skipped.push({ name: line, reason: `the column ${column} is empty` });
    else if (file === undefined) skipped.push({ name: cell, reason: `${line} names it, but there is no such file` });
    else if (file === null) skipped.push({ name: cell, reason: `${line} names it, but several files are called so` });
    else if (named.has(file.path))
      skipped.push({ name: cell, reason: `${line} names it again; row ${String(named.get(file.path)!)} is kept` });
    else {
      named.set(file.path, table.rowNumbers[row]!);
      rows.push({ row, id: cell, read: () => file.read(LARGEST_IMAGE) });
    }
  });
  for (const file of files.images)
    if (!named.has(file.path)) skipped.push({ name: file.path, reason: `no row of ${table.file} names it` });
  return rows;
}

function keepRows(table: NamedTable, kept: readonly Row[]): NamedTable {
  return {
    ...table,
    rows: kept.map(({ row }) => table.rows[row]!),
    rowNumbers: kept.map(({ row }) => table.rowNumbers[row]!),
  };
}

function describe(
  table: NamedTable,
  kept: readonly Row[],
  mapping: Extract<Mapping, { kind: 'images' }>,
  attributes: readonly string[],
  pixels: Uint8Array,
  seed: number,
): Result<Omit<Dataset, 'hash'>> {
  const columns: Column[] = [];
  for (const name of new Set([mapping.label, ...attributes])) {
    const column = readCategorical(table, name, name === mapping.label);
    if (!column.ok) return column;
    columns.push(column.value);
  }
  const given = mapping.split === null ? null : readSplit(cellsOf(table, mapping.split), mapping.split, table.file);
  if (given && !given.ok) return given;
  const { size } = mapping;
  return ok({
    name: table.file,
    noun: ['image', 'images'],
    origin: { kind: 'files', names: [table.file] },
    ids: kept.map((row) => row.id),
    features: { kind: 'images', width: size, height: size, channels: 3, pixels },
    columns,
    split: given ? given.value.split : randomSplit(kept.length, seed),
    remarks: [
      given
        ? given.value.rule
        : 'The table has no split: 70 % of the images, drawn with the seed, are trained on and 30 % audited.',
      `Every image is cropped to its centre square and resized to ${String(size)} x ${String(size)} by means over areas; of an animation the first frame, transparency on white.`,
    ],
    question: firstQuestion(columns[0]!, attributes),
  });
}
