import type { LabelFact } from './label-fact.ts';

/** An example as other tools are told of it. */
export interface ExportedExample {
  readonly id: string;
  readonly trueLabel: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What each population says most often, with its share of votes in [0,1]. */
  readonly predictions: readonly { readonly population: string; readonly label: string; readonly share: number }[];
}

/** Facts by example, in the order of the examples; those of unknown examples are left out. */
export function factsByExample(
  examples: readonly ExportedExample[],
  facts: readonly LabelFact[],
): readonly (readonly [ExportedExample, readonly LabelFact[]])[] {
  const own = groupBy(facts, ({ exampleId }) => exampleId);
  return examples.map((example) => [example, own.get(example.id) ?? []]);
}

/** Groups in the order of their first. */
export function groupBy(
  facts: readonly LabelFact[],
  key: (fact: LabelFact) => string,
): ReadonlyMap<string, readonly LabelFact[]> {
  const groups = new Map<string, LabelFact[]>();
  for (const fact of facts) {
    const group = groups.get(key(fact));
    if (group) group.push(fact);
    else groups.set(key(fact), [fact]);
  }
  return groups;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
/** Only the texts of a list. */
export const textsOf = (value: unknown): readonly string[] =>
  listOf(value).filter((one): one is string => typeof one === 'string');
/** The event of a log that a fact came from, where it says so in full. */
export function eventOf(value: unknown): LabelFact['event'] {
  if (!isRecord(value) || textOf(value['uuid']) === '' || !Number.isSafeInteger(value['sequence'])) return null;
  const queue = textOf(value['queue']);
  return { uuid: textOf(value['uuid']), sequence: Number(value['sequence']), ...(queue === '' ? {} : { queue }) };
}

/** The action of a fact as a file keeps it; null where it is none. */
export function actionOf(value: unknown): LabelFact['action'] | null {
  if (!isRecord(value)) return null;
  const { kind, label, text, labels, only, question } = value;
  switch (kind) {
    case 'add':
      return { kind, label: textOf(label), ...(only === true ? { only } : {}) };
    case 'note':
      return { kind, text: textOf(text), ...(typeof question === 'string' ? { question } : {}) };
    case 'settle':
      return { kind, labels: textsOf(labels) };
    default:
      return null;
  }
}
