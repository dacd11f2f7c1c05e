import type { AuditExamples, Population, PredictionTable } from '#audit/predictions.ts';

/** A table in writing: a class is one character, a member is a text of one character an example. */
export interface WrittenTable {
  readonly labels: string;
  /** Attribute to one character an example, `-` is missing. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly baseline: readonly string[];
  readonly levels: Readonly<Record<string, readonly string[]>>;
  readonly classes?: readonly string[];
}

/** The prediction table of what is written; examples are e1, e2 ..., members 0, 1 ..., classes sorted as text unless given. */
export function writtenTable(written: WrittenTable): PredictionTable {
  const levels = Object.entries(written.levels);
  const everything = [written.labels, ...written.baseline, ...levels.flatMap(([, members]) => members)].join('');
  const classes = written.classes ?? [...new Set(everything)].sort();
  const codes = (text: string): number[] => [...text].map((char) => classes.indexOf(char));
  const population = (name: string, members: readonly string[]): Population => ({
    name,
    members: members.map((_, i) => String(i)),
    predictions: Uint8Array.from(members.flatMap(codes)),
  });
  const examples: AuditExamples = {
    ids: [...written.labels].map((_, i) => `e${String(i + 1)}`),
    classes,
    labels: Uint16Array.from(codes(written.labels)),
    attributes: Object.entries(written.attributes ?? {}).map(([name, cells]) => {
      const values = [...new Set(cells)].filter((value) => value !== '-').sort();
      return { name, values, codes: Int16Array.from([...cells].map((cell) => values.indexOf(cell))) };
    }),
  };
  return {
    examples,
    baseline: population('baseline', written.baseline),
    compressed: levels.map(([name, members]) => population(name, members)),
  };
}
