import type { Column } from '#dataset/dataset.ts';
import { affirmativeValue } from '#dataset/overview.ts';

/** A value as people say it: "Male" and "not Male" of a yes/no column, "Sex: Female" of any other. */
export function valueWords(column: Column | undefined, name: string, value: string): string {
  const yes = column === undefined ? null : affirmativeValue(column);
  if (yes === null) return `${name}: ${value}`;
  return value === yes ? name : `not ${name}`;
}

/** A group in words: "not Male, Young"; "everyone" for the empty group. */
export function groupWords(columns: readonly Column[], group: Readonly<Record<string, string>>): string {
  const parts = Object.entries(group).map(([name, value]) =>
    valueWords(
      columns.find((column) => column.name === name),
      name,
      value,
    ),
  );
  return parts.length === 0 ? 'everyone' : parts.join(', ');
}

/** Beyond this many letters the name of a yes/no column is not read at a glance: "yes" and "no" stand for it. */
const GLANCE = 12;

/**
 * Names of the classes where there is little room: "Blond" and "not" of a yes/no column with a short name, else "yes"
 * and "no"; the values themselves of other columns. With `whole`, "Blond" and "not Blond" of any yes/no column.
 */
export function classNames(column: Column | undefined, classes: readonly string[], whole = false): readonly string[] {
  const yes = column === undefined ? null : affirmativeValue(column);
  if (column === undefined || yes === null) return classes;
  if (!whole && column.name.length > GLANCE) return classes.map((value) => (value === yes ? 'yes' : 'no'));
  return classes.map((value) => (value === yes ? column.name : whole ? `not ${column.name}` : 'not'));
}
