import { quickAudit } from '#audit/audit.ts';
import { depthParts } from '#audit/depth.ts';
import { prepareTable } from '#audit/prepared.ts';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { ATTRIBUTES, drawTable, LEVELS, MEMBERS } from './audit-table.ts';
import type { Options } from './options.ts';
import { renderTable } from './report/columns.ts';

const AUDIT = { positive: '1', tieRule: 'largest-class', seed: 1, percentiles: [90, 95, 99], minCount: 30 } as const;

interface Stage {
  readonly name: string;
  readonly seconds: number;
  /** Heap and typed arrays after it. */
  readonly megabytes: number;
}

/** `audit`: an audit of CelebA's size, drawn predictions, stage by stage. */
export async function auditCommand({ json, quick }: Options): Promise<void> {
  const examples = quick ? 20_000 : 200_000;
  const stages: Stage[] = [];
  const timed = <T>(name: string, run: () => T): T => {
    const start = performance.now();
    const result = run();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    stages.push({
      name,
      seconds: (performance.now() - start) / 1000,
      megabytes: (heapUsed + arrayBuffers) / 1e6,
    });
    process.stderr.write(`${name}: ${stages.at(-1)!.seconds.toFixed(1)} s\n`);
    return result;
  };

  const table = timed('draw the predictions (not part of an audit)', () => drawTable(examples));
  const prepared = timed('votes, modal labels, errors', () => prepareTable(table, AUDIT));
  const numbers = timed('CIE, rankings, rates and intervals of all subgroups', () => quickAudit(prepared));
  const parts = depthParts(prepared, numbers);
  timed('in the background: null control', () => parts.next());
  for (const [i] of LEVELS.entries())
    timed(`in the background: resampling and slices of level ${String(i + 1)}`, () => {
      while (parts.next().value === undefined);
    });

  const rows = numbers.subgroups.groups.length;
  const cpu = cpus()[0]?.model.trim() ?? 'unknown';
  process.stdout.write(
    renderTable({
      caption:
        `${examples.toLocaleString('en')} examples x ${String(MEMBERS * (1 + LEVELS.length))} members, ${String(ATTRIBUTES)} binary attributes, ` +
        `${rows.toLocaleString('en')} subgroups a level; ${cpu}, ${String(availableParallelism())} cores, Node ${process.version}`,
      columns: [
        { name: 'stage', numeric: false },
        { name: 'seconds', numeric: true },
        { name: 'MB after it', numeric: true },
      ],
      rows: stages.map(({ name, seconds, megabytes }) => ({
        cells: [name, seconds.toFixed(2), megabytes.toFixed(0)],
      })),
    }),
  );
  if (json !== null) await writeFile(json, `${JSON.stringify({ examples, rows, cpu, stages }, null, 2)}\n`);
}
