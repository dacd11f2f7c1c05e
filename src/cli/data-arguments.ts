import type { BuiltinId } from '#sources/source.ts';
import { ok, type Result } from '#lib/result.ts';
import { quoted } from '#sources/formats/refusal.ts';
import { badOption, nameList, wholeNumber, type Options } from './options.ts';

/** Options that say where the data are and which column plays which part. */
export const DATA_OPTIONS = [
  'data',
  'image-column',
  'label-column',
  'split-column',
  'attribute-columns',
  'input-columns',
  'image-size',
] as const;
type DataOption = (typeof DATA_OPTIONS)[number];

/** What was said of the columns; undefined: what the app would suggest. */
export interface ColumnWishes {
  readonly image: string | undefined;
  readonly label: string | undefined;
  /** null: a split is drawn. */
  readonly split: string | null | undefined;
  readonly attributes: readonly string[] | undefined;
  readonly inputs: readonly string[] | undefined;
  /** Side of an image in pixels. */
  readonly size: number | undefined;
}

export type DataPlace =
  /** `faces`: how many are drawn; null: as many as the app draws. */
  | { readonly kind: 'builtin'; readonly id: BuiltinId; readonly faces: number | null }
  | { readonly kind: 'path'; readonly path: string };

export interface DataArguments {
  readonly place: DataPlace;
  readonly wishes: ColumnWishes;
}

const EXPECTED =
  'expected builtin:faces, builtin:faces?faces=N, builtin:handwriting, builtin:compas, or the path of a zip, a folder or a CSV table';

/** The options about data, checked as far as that goes without opening anything. */
export function dataArguments(values: Options<DataOption>['values']): Result<DataArguments> {
  const { data } = values;
  if (data === undefined || data === '') return badOption(`--data is missing, ${EXPECTED}`);
  const size =
    values['image-size'] === undefined ? ok(undefined) : wholeNumber('image-size', values['image-size'], 16, 64);
  if (!size.ok) return size;
  const wishes: ColumnWishes = {
    image: values['image-column'],
    label: values['label-column'],
    split: values['split-column'] === 'none' ? null : values['split-column'],
    attributes: nameList(values['attribute-columns']),
    inputs: nameList(values['input-columns']),
    size: size.value,
  };
  if (!data.startsWith('builtin:')) return ok({ place: { kind: 'path', path: data }, wishes });
  const wished = DATA_OPTIONS.find((name) => name !== 'data' && values[name] !== undefined);
  if (wished !== undefined) return badOption(`--${wished} is of use only with a zip, a folder or a CSV table`);
  const found = /^builtin:(faces|handwriting|compas)(?:\?faces=(\d{1,6}))?$/u.exec(data);
  if (found === null || (found[2] !== undefined && found[1] !== 'faces')) {
    return badOption(`--data is ${quoted(data)}, ${EXPECTED}`);
  }
  const faces = found[2] === undefined ? null : Number(found[2]);
  return ok({ place: { kind: 'builtin', id: found[1] as BuiltinId, faces }, wishes }); // one of the pattern's three
}
