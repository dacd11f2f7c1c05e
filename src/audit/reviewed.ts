import type { Column } from '#dataset/dataset.ts';
import { agreedOn } from '#review/agreed.ts';
import { partsOf, WRONG_LABEL, type Schema } from '#review/schema.ts';
import type { AuditExamples } from './predictions.ts';
import { labelsByExample } from './reviewers-votes.ts';

/** Example id to label ids. */
type Labels = ReadonlyMap<string, readonly string[]>;

/** What reviewers say together. */
export interface Consensus {
  /** Example id to what counts of it: what was settled, else what all agree on (`agreedOn`). */
  readonly answers: Labels;
  /** Question id to examples on which reviewers differ and nothing is settled: nothing counts of them for that question. */
  readonly disputed: ReadonlyMap<string, number>;
}

/** One answer to a question an example, whoever gave it: so examples stay independent of one another. */
export function consensus(
  votes: ReadonlyMap<string, Labels>,
  settled: ReadonlyMap<string, { readonly labels: readonly string[] }>,
): Consensus {
  const answers = new Map<string, readonly string[]>();
  const disputed = new Map<string, number>();
  for (const [id, all] of labelsByExample(votes)) {
    if (settled.has(id)) continue;
    const agreed = agreedOn(all);
    for (const question of agreed.disputed) disputed.set(question, (disputed.get(question) ?? 0) + 1);
    if (agreed.labels.length > 0) answers.set(id, agreed.labels);
  }
  for (const [id, { labels }] of settled) if (labels.length > 0) answers.set(id, labels);
  return { answers, disputed };
}

/** What the answers of an attribute's question come to. */
export interface Annotation {
  readonly attribute: string;
  /** Whether the data have this attribute. */
  readonly delivered: boolean;
  /** Examples that were answered for, and those of them whose value is another than delivered (a missing one included). */
  readonly answered: number;
  readonly changed: number;
  /** Answers alone: -1 where there is none. */
  readonly column: Column;
}

/** A second reading of the data, as reviewers see them, beside the one that was delivered. */
export interface Reviewed {
  /** The examples with corrected true labels, corrected values, and new attributes that every example has an answer for. */
  readonly examples: AuditExamples;
  /** Indices of examples whose true label is another one than delivered, ascending. */
  readonly corrected: Uint32Array;
  /** Examples whose true label a reviewer confirmed. */
  readonly confirmed: number;
  /** Examples called wrong without a word about the right label: they stay as delivered. */
  readonly unsaid: number;
  /** Examples on which reviewers differ about the right label: they stay as delivered. */
  readonly disputed: number;
  readonly annotations: readonly Annotation[];
  /** The same text for the same second reading. */
  readonly key: string;
}

/** Reads the examples as reviewers do. What nobody answered, or what is disputed, stays as delivered. */
export function readReviewed(delivered: AuditExamples, schema: Schema, { answers, disputed }: Consensus): Reviewed {
  const places = new Map(delivered.ids.map((id, x) => [id, x]));
  const rightLabel = schema.find(({ kind, removed }) => kind === 'true-label' && removed !== true)?.id;
  const labels = delivered.labels.slice();
  const corrected: number[] = [];
  let confirmed = 0;
  let unsaid = 0;
  const known = [...answers].flatMap(([id, own]) => (places.has(id) ? [[places.get(id)!, own] as const] : []));
  for (const [x, own] of known) {
    const said =
      rightLabel === undefined ? undefined : own.map(partsOf).find(({ question }) => question === rightLabel);
    const code = said === undefined ? -1 : delivered.classes.indexOf(said.answer);
    if (code < 0) {
      if (own.includes(WRONG_LABEL)) unsaid++;
    } else if (code === delivered.labels[x]) confirmed++;
    else {
      labels[x] = code;
      corrected.push(x);
    }
  }
  const annotations = schema.flatMap((question): readonly Annotation[] => {
    if (question.kind !== 'attribute' || question.removed === true) return [];
    const cells = new Map<number, string>();
    for (const [x, own] of known) {
      const said = own.map(partsOf).find((one) => one.question === question.id);
      if (said !== undefined) cells.set(x, said.answer);
    }
    return cells.size === 0 ? [] : [annotationOf(delivered, question.attribute, cells)];
  });
  const attributes = [
    ...delivered.attributes.map((column) => {
      const own = annotations.find((one) => one.delivered && one.attribute === column.name);
      return own ? overlaid(column, own.column) : column;
    }),
    ...annotations.filter((one) => !one.delivered && one.answered === delivered.ids.length).map(({ column }) => column),
  ];
  corrected.sort((a, b) => a - b);
  return {
    examples:
      corrected.length === 0 && attributes.every((one, i) => one === delivered.attributes[i])
        ? delivered
        : { ...delivered, labels, attributes },
    corrected: Uint32Array.from(corrected),
    confirmed,
    unsaid,
    disputed: rightLabel === undefined ? 0 : (disputed.get(rightLabel) ?? 0),
    annotations,
    key: JSON.stringify([
      corrected.map((x) => [x, labels[x]]),
      annotations.map(({ attribute, column: { values, codes } }) => [
        attribute,
        values,
        [...codes].flatMap((code, x) => (code < 0 ? [] : [[x, code]])),
      ]),
    ]),
  };
}

function annotationOf(delivered: AuditExamples, attribute: string, cells: ReadonlyMap<number, string>): Annotation {
  const column = columnOf(attribute, delivered.ids.length, cells);
  const own = delivered.attributes.find(({ name }) => name === attribute);
  const changed = own ? [...cells].filter(([x, value]) => own.values[own.codes[x]!] !== value).length : cells.size;
  return { attribute, delivered: own !== undefined, answered: cells.size, changed, column };
}

function columnOf(name: string, count: number, cells: ReadonlyMap<number, string>): Column {
  const values = [...new Set(cells.values())].sort();
  const codes = new Int16Array(count).fill(-1);
  for (const [x, value] of cells) codes[x] = values.indexOf(value);
  return { name, values, codes };
}

/** A column with the cells of another over its own. */
function overlaid(column: Column, over: Column): Column {
  const values = [...new Set([...column.values, ...over.values])].sort();
  const place = (own: Column) => own.values.map((value) => values.indexOf(value));
  const [under, above] = [place(column), place(over)];
  return {
    name: column.name,
    values,
    codes: column.codes.map((code, x) => (over.codes[x]! >= 0 ? above[over.codes[x]!]! : code < 0 ? -1 : under[code]!)),
  };
}

/** Whether the second reading says anything that the delivered one does not. */
export const differs = ({ corrected, annotations }: Reviewed): boolean =>
  corrected.length > 0 ||
  annotations.some(({ delivered, changed, answered, column }) =>
    delivered ? changed > 0 : answered === column.codes.length,
  );
