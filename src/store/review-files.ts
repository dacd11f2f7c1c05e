import { ok, fail, type Result } from '#lib/result.ts';
import { labelWords, type Answer, type Schema } from '#review/schema.ts';
import type { LabelFact } from '#sources/formats/label-fact.ts';
import { labelsCsv, parseLabelsCsv } from '#sources/formats/labels-csv.ts';
import { fiftyOneSamples, parseFiftyOne } from '#sources/formats/labels-fiftyone.ts';
import { labelStudioInterface, labelStudioTasks, parseLabelStudio } from '#sources/formats/labels-label-studio.ts';
import type { ExportedExample } from '#sources/formats/labels-shared.ts';
import type { PopulationSummary } from '#audit/result.ts';
import { replayLabels } from '#storage/label-log.ts';
import { labelsJson, parseLabelsJson } from '#storage/label-file.ts';
import type { LabelEvent } from '#storage/records.ts';
import { useEvidence } from './evidence.ts';
import { mergeEvents, useLabels } from './labels.ts';
import { useLibrary } from './library-list.ts';
import { fileName, saveFile } from './save-file.ts';
import type { EvidenceState } from './state.ts';
import { useTraining } from './training-state.ts';

type Ready = Extract<EvidenceState, { kind: 'ready' }>;
type LabelFormat = 'csv' | 'json' | 'label-studio' | 'fiftyone';

/** The labels of all reviewers as a file. JSON holds the whole log; the others what is in force. */
export function saveLabels(format: LabelFormat): void {
  const { events, schema } = useLabels.getState();
  const { auditId } = useTraining.getState();
  const title = useLibrary.getState().audits.find(({ id }) => id === auditId)?.name ?? 'audit';
  const facts = replayLabels(events).inForce.flatMap(factOf);
  const { state } = useEvidence.getState();
  const classes = state.kind === 'ready' ? state.examples.classes.map((id): Answer => ({ id, name: id })) : [];
  const save = (ending: string, content: string): void =>
    saveFile(fileName(`${title} labels`, ending), content, ending === '.csv' ? 'text/csv' : 'application/json');
  switch (format) {
    case 'csv':
      save(
        '.csv',
        labelsCsv(facts, (label) => labelWords(schema, label, classes)),
      );
      break;
    case 'json':
      save('.json', labelsJson(events));
      break;
    case 'label-studio':
      if (state.kind !== 'ready') return;
      save('.label-studio.json', labelStudioTasks(exportedExamples(state, facts), facts, schema));
      saveFile(
        fileName(`${title} labels`, '.label-studio.xml'),
        labelStudioInterface(schema, classes),
        'application/xml',
      );
      break;
    case 'fiftyone':
      if (state.kind !== 'ready') return;
      save('.fiftyone.json', fiftyOneSamples(exportedExamples(state, facts), facts));
      break;
    default:
      format satisfies never;
  }
}

function factOf({ exampleId, reviewer, time, action, uuid, sequence, queue }: LabelEvent): readonly LabelFact[] {
  const base = { exampleId, reviewer, time, event: { uuid, sequence, ...(queue === undefined ? {} : { queue }) } };
  switch (action.kind) {
    case 'add':
    case 'note':
      return [{ ...base, action }];
    case 'settle':
      return action.labels === null ? [] : [{ ...base, action: { kind: 'settle', labels: action.labels } }];
    case 'remove': // never in force
    case 'queue':
    case 'question':
      return [];
    default:
      return action satisfies never;
  }
}

/** Every example that has a fact, and every CIE of any level: what another tool would be asked to look at. */
function exportedExamples({ audit, examples }: Ready, facts: readonly LabelFact[]): readonly ExportedExample[] {
  const labelled = new Set(facts.map(({ exampleId }) => exampleId));
  const cie = new Set(audit.comparisons.flatMap(({ modalCie }) => [...modalCie.indices]));
  const populations = [audit.baseline, ...audit.comparisons.map(({ population }) => population)];
  return examples.ids.flatMap((id, x) => {
    if (!labelled.has(id) && !cie.has(x)) return [];
    return [
      {
        id,
        trueLabel: examples.classes[examples.labels[x]!]!,
        attributes: Object.fromEntries(
          examples.attributes.map(({ name, values, codes }) => [name, values[codes[x]!] ?? '']),
        ),
        predictions: populations.map((population) => predictionOf(population, examples.classes, x)),
      },
    ];
  });
}

function predictionOf(population: PopulationSummary, classes: readonly string[], x: number) {
  const code = population.modal[x]!;
  const share = population.votes[x * classes.length + code]! / population.members;
  return { population: population.name, label: classes[code]!, share };
}

/** What became of a file of labels. */
export interface Merged {
  readonly file: string;
  /** Events that were not in the log yet. */
  readonly fresh: number;
  /** Events left out because their examples are not in this audit. */
  readonly unknown: number;
}

/** Merges a file of labels that this app, Label Studio or FiftyOne wrote, or a CSV table, into the log of the audit in hand. */
export async function openLabels(file: File): Promise<Result<Merged>> {
  const { state } = useEvidence.getState();
  if (state.kind !== 'ready') return fail('labels', 'Labels can be merged once the audit has evidence.');
  const read = readLabels(await file.text(), file.name, useLabels.getState().schema);
  if (!read.ok) return read;
  const ids = new Set(state.examples.ids);
  const known = read.value.filter(
    ({ exampleId, action: { kind } }) => kind === 'queue' || kind === 'question' || ids.has(exampleId),
  );
  if (known.length === 0 && read.value.length > 0) {
    return fail('labels', `${file.name}: none of its examples is in this audit.`, { file: file.name });
  }
  const fresh = await mergeEvents(known);
  if (fresh === null) return fail('labels', `${file.name}: its labels could not be saved.`, { file: file.name });
  return ok({ file: file.name, fresh, unknown: read.value.length - known.length });
}

function readLabels(text: string, file: string, schema: Schema): Result<readonly LabelEvent[]> {
  if (!/^\uFEFF?\s*[[{]/.test(text)) return asEvents(parseLabelsCsv(text, file));
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return fail('labels', `${file}: this is not complete JSON.`, { file });
  }
  if (Array.isArray(content)) return asEvents(parseLabelStudio(content, file, schema));
  if (typeof content === 'object' && content !== null && 'samples' in content) {
    return asEvents(parseFiftyOne(content, file));
  }
  return parseLabelsJson(content, file);
}

/**
 * Facts as events of the log. One without an event of its own is named after what it says, so that the same file merged twice
 * adds nothing; it stands before every decision made here (sequence 0).
 */
function asEvents(read: Result<readonly LabelFact[]>): Result<readonly LabelEvent[]> {
  if (!read.ok) return read;
  return ok(
    read.value.map(({ event, ...fact }) => {
      const { uuid, ...rest } = event ?? { uuid: `fact:${JSON.stringify(fact)}`, sequence: 0 };
      return { ...fact, ...rest, uuid, auditId: '', undoes: null };
    }),
  );
}
