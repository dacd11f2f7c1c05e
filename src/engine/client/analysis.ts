import type { PredictionTable } from '#audit/predictions.ts';
import type { AuditOptions, DepthPart } from '#audit/result.ts';
import { resultOf } from '#audit/subgroup-rows.ts';
import type { Analysis, AnalysisEvent, AnalysisMethods } from '#engine/protocol/analysis.ts';
import { connect, type Connection } from '#engine/protocol/rpc.ts';
import type { WorkerPort } from './worker-slot.ts';

/** Numbers that were called for, by the id of the audit. */
type Numbers = Extract<AnalysisEvent, { kind: 'numbers' }>['numbers'];

const startWorker = (): WorkerPort =>
  new Worker(new URL('../worker/analysis-main.ts', import.meta.url), { type: 'module' });

/**
 * The analysis worker, started at the first question. If it dies every question in hand is rejected, a depth that is still to
 * come says that it failed, and the next question starts another worker.
 */
export function createAnalysis(spawn = startWorker): Analysis {
  let connection: Connection<AnalysisMethods> | null = null;
  let nextId = 1;
  const answers = new Map<number, Numbers>();
  let latest = 0;
  /** Who waits for the depth of the latest audit that was answered. */
  let deep: { readonly id: number; readonly tell: (part: DepthPart) => void } | null = null;

  const connected = (): Connection<AnalysisMethods> => {
    if (connection !== null) return connection;
    const worker = spawn();
    const onEvent = (event: AnalysisEvent): void => {
      if (event.kind === 'numbers') answers.set(event.id, event.numbers);
      else if (event.id === deep?.id) deep.tell(event.part);
    };
    connection = connect<AnalysisMethods, AnalysisEvent>(worker, onEvent, ({ message }) => {
      connection = null;
      worker.terminate();
      const waiting = deep;
      deep = null;
      waiting?.tell({ kind: 'failed', message });
    });
    return connection;
  };

  const ask = async (id: number, table: PredictionTable, options: AuditOptions, goesOn: boolean) => {
    await connected().call('audit', { id, table, options, deep: goesOn });
    const numbers = answers.get(id);
    answers.delete(id);
    if (numbers === undefined) throw new Error('The analysis gave no numbers.'); // they are sent before the call ends
    return resultOf(numbers);
  };

  return {
    audit: async (table, options, onDepth) => {
      const id = nextId++;
      latest = id;
      deep = null;
      const result = await ask(id, table, options, true);
      if (latest === id) deep = { id, tell: onDepth };
      return result;
    },
    auditAlone: (table, options) => ask(nextId++, table, options, false),
    prefer: (level) => {
      // A worker that is not there or dies is told of by the audit itself.
      connection?.call('prefer', level).catch(() => undefined);
    },
    cancel: () => {
      latest = 0;
      deep = null;
      connection?.call('cancel', null).catch(() => undefined);
    },
    live: (table, seed) => connected().call('live', { table, seed }),
    reviewers: (ratings, seed) => connected().call('reviewers', { ratings, seed }),
  };
}
