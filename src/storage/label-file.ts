import { fail, ok, type Result } from '#lib/result.ts';
import { parseQuestion } from '#review/schema.ts';
import { replayLabels } from './label-log.ts';
import type { LabelAction, LabelEvent } from './records.ts';

const FORMAT = 'longtail-labels';

/**
 * A log as JSON: `{ format, schemaVersion: 1, events, state }`. `events` is the whole log; `state` is what it amounts to, for
 * other readers: the questions, by reviewer and example the labels and (by question) the texts, and what was settled. Reading
 * takes `events` alone.
 */
export function labelsJson(events: readonly LabelEvent[]): string {
  const { votes, notes, settled, schema } = replayLabels(events);
  const state = { questions: schema, votes: plain(votes), notes: plain(notes), settled: plain(settled) };
  return JSON.stringify({ format: FORMAT, schemaVersion: 1, events, state }, null, 1);
}

/** Maps as objects, also within maps. */
const plain = (map: ReadonlyMap<string, unknown>): Record<string, unknown> =>
  Object.fromEntries([...map].map(([key, value]) => [key, value instanceof Map ? plain(value) : value]));

/** Reads what `labelsJson` writes: the events as they were. Refuses another format, a newer version, and an event that lacks something. */
export function parseLabelsJson(content: unknown, file: string): Result<readonly LabelEvent[]> {
  if (!isRecord(content) || content['format'] !== FORMAT || !Array.isArray(content['events'])) {
    return fail('labels', `${file}: these are not labels of Longtail.`, { file });
  }
  if (content['schemaVersion'] !== 1) {
    return fail('labels', `${file}: these labels were written by a newer Longtail.`, { file });
  }
  const events: LabelEvent[] = [];
  for (const [i, one] of (content['events'] as readonly unknown[]).entries()) {
    const event = eventOf(one);
    if (!event) return fail('labels', `${file}: event ${String(i + 1)} is not complete.`, { file });
    events.push(event);
  }
  return ok(events);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

function eventOf(value: unknown): LabelEvent | null {
  if (!isRecord(value)) return null;
  const { uuid, auditId, sequence, time, reviewer, exampleId, undoes, queue, batch } = value;
  const action = actionOf(value['action']);
  if (!isText(uuid) || !isText(auditId) || !isText(time) || !isText(reviewer) || !isText(exampleId)) return null;
  if (uuid === '' || reviewer === '' || !Number.isSafeInteger(sequence) || Number(sequence) < 0 || !action) return null;
  if (undoes !== null && !isText(undoes)) return null;
  return {
    uuid,
    auditId,
    sequence: Number(sequence),
    time,
    reviewer,
    exampleId,
    action,
    undoes,
    ...(isText(queue) ? { queue } : {}),
    ...(isText(batch) ? { batch } : {}),
  };
}

function actionOf(value: unknown): LabelAction | null {
  if (!isRecord(value)) return null;
  const { kind, label, text, labels, level, seed, order, cie, only, question } = value;
  if (kind === 'add' && isText(label)) return { kind, label, ...(only === true ? { only } : {}) };
  if (kind === 'remove' && isText(label)) return { kind, label };
  if (kind === 'note' && isText(text)) return { kind, text, ...(isText(question) ? { question } : {}) };
  if (kind === 'question') {
    const asked = parseQuestion(question);
    return asked && { kind, question: asked };
  }
  if (kind === 'settle' && (labels === null || isTexts(labels))) return { kind, labels };
  if (kind === 'queue' && isText(level) && typeof seed === 'number' && isTexts(order) && isTexts(cie)) {
    return { kind, level, seed, order, cie };
  }
  return null;
}
