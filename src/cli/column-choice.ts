import { ok, type Result } from '#lib/result.ts';
import { quoted, refuse } from '#sources/formats/refusal.ts';
import type { Inspection, Mapping } from '#sources/source.ts';
import type { ColumnWishes } from './data-arguments.ts';
import { badOption } from './options.ts';

/** What a plan asks of the columns. */
export interface Asked {
  readonly target: string;
  readonly attributes: readonly string[];
}

/**
 * Which column plays which part: what was wished for, else what the app suggests. Where the plan's target is not the
 * suggested label, a person may have made it the label, or have asked about another column of the same data: then there
 * are two mappings, the suggested label first.
 */
export function mappings(
  inspection: Inspection,
  wishes: ColumnWishes,
  asked: Asked | null,
): Result<readonly Mapping[]> {
  const { suggestion, columns, tableName, kind } = inspection;
  if (kind === 'table' && (wishes.image !== undefined || wishes.size !== undefined))
    return badOption(`--image-column and --image-size are of use only with images, and ${tableName} is a table`);
  if (kind === 'images' && wishes.inputs !== undefined)
    return badOption(`--input-columns is of use only with a table, and ${tableName} names images`);
  const known = new Set(columns.map(({ name }) => name));
  const named = [wishes.image, wishes.label, wishes.split, ...(wishes.attributes ?? []), ...(wishes.inputs ?? [])];
  const unknown = named.find((name) => name !== undefined && name !== null && !known.has(name));
  if (unknown !== undefined && unknown !== null) {
    const found = quoted([...known].join(', '));
    return refuse(
      'csv-column-missing',
      { file: tableName, row: 1, column: unknown },
      `there is no such column, expected one of ${found}`,
    );
  }
  const labels = [wishes.label ?? suggestion.label];
  if (wishes.label === undefined && asked !== null && asked.target !== suggestion.label && known.has(asked.target))
    labels.push(asked.target);
  return ok(labels.map((label) => mappingWith(suggestion, label, wishes, asked?.attributes ?? [], known)));
}

function mappingWith(
  suggestion: Mapping,
  label: string,
  wishes: ColumnWishes,
  compared: readonly string[],
  known: ReadonlySet<string>,
): Mapping {
  const split = wishes.split === undefined ? suggestion.split : wishes.split;
  const image = suggestion.kind === 'images' ? (wishes.image ?? suggestion.image) : null;
  const free = (name: string): boolean => name !== label && name !== split && name !== image;
  const suggested = [...new Set([...suggestion.attributes, ...compared.filter((name) => known.has(name))])];
  const attributes = (wishes.attributes ?? suggested).filter(free);
  if (suggestion.kind === 'images')
    return { ...suggestion, image: image ?? '', label, split, attributes, size: wishes.size ?? suggestion.size };
  return { ...suggestion, label, split, attributes, inputs: (wishes.inputs ?? suggestion.inputs).filter(free) };
}
