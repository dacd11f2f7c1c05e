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
