import Papa from 'papaparse';
import { ok, type Result } from '#lib/result.ts';
import { questionOf } from '#review/schema.ts';
import { parseCsv } from './csv.ts';
import type { LabelFact } from './label-fact.ts';
import { quoted, refuse } from './refusal.ts';

const COLUMNS = [
  'example_id',
  'kind',
  'question',
  'label',
  'name',
  'reviewer',
  'time',
  'event',
  'sequence',
  'queue',
] as const;
type Column = (typeof COLUMNS)[number];

/** What a spreadsheet would take for a formula, and what is already written as if it were one. */
const FORMULA = /^'*[=+\-@\t\r]/;
const disarmed = (cell: string): string => (FORMULA.test(cell) ? `'${cell}` : cell);
const armed = (cell: string): string => (cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell);

/** Whether a label takes the place of the other answers to its question. */
const CHOICE = 'choice';
const KINDS = ['label', CHOICE, 'note', 'settled'];

/**
 * The facts in force as CSV: `example_id,kind,question,label,name,reviewer,time,event,sequence,queue`. `kind` is `label` or
 * `choice` (`label` is an answer, `name` what it is called; a choice takes the place of other answers to its question), `note`
 * (`label` holds the text) or `settled` (one row a label, a single row with an empty label where reviewers settled on none). A
 * cell that a spreadsheet would take for a formula (= + - @, tab, carriage return) is written with a leading apostrophe.
 * `parseLabelsCsv` gives the same facts back. No facts give the header alone.
 */
export function labelsCsv(facts: readonly LabelFact[], nameOf: (label: string) => string): string {
  const rows = facts.flatMap((fact) => {
    const { exampleId, reviewer, time, event } = fact;
    const end = [reviewer, time, event?.uuid ?? '', event ? String(event.sequence) : '', event?.queue ?? ''];
    return cellsOf(fact, nameOf).map((cells) => [exampleId, ...cells, ...end].map(disarmed));
  });
  return `${Papa.unparse([[...COLUMNS], ...rows], { newline: '\n' })}\n`;
}

type Cells = readonly [kind: string, question: string, label: string, name: string];
function cellsOf({ action }: LabelFact, nameOf: (label: string) => string): readonly Cells[] {
  const labelled = (kind: string, label: string): Cells =>
    label === '' ? [kind, '', '', ''] : [kind, questionOf(label), label, nameOf(label)];
  switch (action.kind) {
    case 'add':
      return [labelled(action.only === true ? CHOICE : 'label', action.label)];
    case 'note':
      return [['note', action.question ?? '', action.text, '']];
    case 'settle':
      return (action.labels.length === 0 ? [''] : action.labels).map((label) => labelled('settled', label));
    default:
      return action satisfies never;
  }
}

/**
 * Reads what `labelsCsv` writes, and any table with at least the columns example_id, label and reviewer: what is missing of
 * the others is empty, a row without a kind is a label. `question` is read of notes alone, `name` never. Columns may stand in
 * any order; others are left unread. Refused with
 * row and column: a missing column, an empty example id, reviewer or label, an unknown kind, a sequence that is not a whole
 * number from 1 on. Rows of kind `settled` with the same example, reviewer, time and event are one fact.
 */
export function parseLabelsCsv(text: string, file: string): Result<readonly LabelFact[]> {
  const table = parseCsv(text, file);
  if (!table.ok) return table;
  const { header, rows, rowNumbers } = table.value;
  for (const column of ['example_id', 'label', 'reviewer'] as const) {
    if (!header.includes(column)) return refuse('column', { file, row: 1 }, `expected a column ${column}.`);
  }
  const facts: LabelFact[] = [];
  const settled = new Map<string, string[]>();
  for (const [i, row] of rows.entries()) {
    const cell = (column: Column): string => armed(row[header.indexOf(column)] ?? '');
    const at = (column: Column) => ({ file, row: rowNumbers[i]!, column });
    const [exampleId, label, reviewer, uuid, queue] = [
      cell('example_id'),
      cell('label'),
      cell('reviewer'),
      cell('event'),
      cell('queue'),
    ];
    const kind = cell('kind') === '' ? 'label' : cell('kind');
    const sequence = Number(cell('sequence'));
    if (exampleId === '') return refuse('empty', at('example_id'), 'expected the id of an example.');
    if (reviewer === '') return refuse('empty', at('reviewer'), 'expected the name of a reviewer.');
    if (label === '' && kind !== 'settled') return refuse('empty', at('label'), 'expected a label.');
    if (uuid !== '' && !(Number.isSafeInteger(sequence) && sequence >= 1)) {
      return refuse('number', at('sequence'), `expected a whole number from 1 on, got ${quoted(cell('sequence'))}.`);
    }
    const event = uuid === '' ? null : { uuid, sequence, ...(queue === '' ? {} : { queue }) };
    const base = { exampleId, reviewer, time: cell('time'), event };
    const question = cell('question');
    if (kind === 'label') facts.push({ ...base, action: { kind: 'add', label } });
    else if (kind === CHOICE) facts.push({ ...base, action: { kind: 'add', label, only: true } });
    else if (kind === 'note') {
      facts.push({ ...base, action: { kind, text: label, ...(question === '' ? {} : { question }) } });
    } else if (kind === 'settled') {
      const key = JSON.stringify(base);
      const labels = settled.get(key) ?? [];
      if (!settled.has(key)) facts.push({ ...base, action: { kind: 'settle', labels } });
      if (label !== '') labels.push(label);
      settled.set(key, labels);
    } else return refuse('kind', at('kind'), `expected one of ${KINDS.join(', ')}, got ${quoted(kind)}.`);
  }
  return ok(facts);
}
