import { fail, ok, type Result } from '#lib/result.ts';
import { decodeText, holdFiles, type HeldFile, type HeldFiles } from './files.ts';
import { parseCsv } from './formats/csv.ts';
import { namesOf } from './formats/file-names.ts';
import { previewColumns, suggestImageMapping, suggestTableMapping } from './mapping.ts';
import type { Inspection, NamedFile } from './source.ts';
import type { NamedTable } from './table.ts';

const LARGEST_TABLE = 200_000_000;
const MOST_TABLES = 50;

/** What was brought, read as far as a person needs to choose columns: the table, and the pictures by name. */
export interface Held {
  readonly inspection: Inspection;
  readonly table: NamedTable;
  readonly files: HeldFiles;
}

/** Finds the table (the one that names the most pictures, or the one with the most rows) and suggests what its columns mean. */
export async function inspectFiles(files: readonly NamedFile[], token: string): Promise<Result<Held>> {
  const held = await holdFiles(files);
  if (!held.ok) return held;
  const { tables, images, ignored } = held.value;
  if (tables.length === 0) {
    return images.length > 0
      ? fail(
          'no-table',
          `There are ${String(images.length)} pictures but no CSV file that names them. Add a CSV with a column of file names and a column of labels.`,
        )
      : fail('nothing-usable', 'Neither a CSV table nor a PNG, JPEG, WebP or BMP picture was found.');
  }
  if (tables.length > MOST_TABLES)
    return fail('many-tables', `There are ${String(tables.length)} CSV files, expected one.`);
  const index = indexImages(images);
  let best: { readonly table: NamedTable; readonly image: string | null; readonly matches: number } | null = null;
  let problem: Result<never> | null = null;
  for (const file of tables) {
    const table = await readTable(file);
    if (!table.ok) {
      problem ??= table;
      continue;
    }
    const found = { table: table.value, ...imageColumn(table.value, index) };
    const isBetter =
      !best ||
      found.matches > best.matches ||
      (found.matches === best.matches && found.table.rows.length > best.table.rows.length);
    if (isBetter) best = found;
  }
  if (!best) return problem ?? fail('no-table', 'No CSV file could be read.');
  const { table, image } = best;
  if (images.length > 0 && image === null) {
    return fail(
      'no-image-column',
      `${table.file}: no column names the pictures; expected file names such as ${images[0]!.path}`,
      { file: table.file },
    );
  }
  const columns = previewColumns(table);
  const suggestion =
    image === null ? suggestTableMapping(columns, table.rows.length) : suggestImageMapping(columns, image);
  const unusedTables = tables.filter((file) => file.path !== table.file).map((file) => file.path);
  const inspection: Inspection = {
    kind: image === null ? 'table' : 'images',
    token,
    tableName: table.file,
    rows: table.rows.length,
    images: images.length,
    columns,
    ignored: [...ignored, ...unusedTables],
    suggestion,
  };
  return ok({ inspection, table, files: held.value });
}

async function readTable(file: HeldFile): Promise<Result<NamedTable>> {
  const bytes = await file.read(LARGEST_TABLE);
  if (!bytes.ok) return bytes;
  const parsed = parseCsv(decodeText(bytes.value), file.path);
  if (!parsed.ok) return parsed;
  if (parsed.value.rows.length === 0)
    return fail('csv-no-rows', `${file.path}: there is no row below the header`, { file: file.path });
  return ok({ ...parsed.value, file: file.path });
}

/** Pictures by every way in which a table may name them; null where two share a name. */
export type ImageIndex = ReadonlyMap<string, HeldFile | null>;

export function indexImages(images: readonly HeldFile[]): ImageIndex {
  const index = new Map<string, HeldFile | null>();
  for (const file of images) {
    for (const [i, name] of namesOf(file.path).entries()) {
      // The full path, first of the names, always wins over a short name of another file.
      if (i === 0 || !index.has(name)) index.set(name, file);
      else if (index.get(name)?.path.toLowerCase() !== name) index.set(name, null);
    }
  }
  return index;
}

/** How a cell is looked up among the pictures. */
export const imageKey = (cell: string): string => cell.trim().replaceAll('\\', '/').replace(/^\.\//u, '').toLowerCase();

function imageColumn(table: NamedTable, index: ImageIndex): { image: string | null; matches: number } {
  let image: string | null = null;
  let matches = 0;
  if (index.size === 0) return { image, matches };
  table.header.forEach((name, at) => {
    let count = 0;
    for (const row of table.rows) if (index.get(imageKey(row[at]!))) count++;
    if (count > matches) [image, matches] = [name, count];
  });
  return { image, matches };
}
