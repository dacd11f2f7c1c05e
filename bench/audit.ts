import { quickAudit } from '#audit/audit.ts';
import { depthParts } from '#audit/depth.ts';
import { prepareTable } from '#audit/prepared.ts';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { ATTRIBUTES, drawTable, LEVELS, MEMBERS } from './audit-table.ts';
import type { Options } from './options.ts';
import { renderTable } from './report/columns.ts';

const AUDIT = { positive: '1', tieRule: 'largest-class', seed: 1, percentiles: [90, 95, 99], minCount: 30 } as const;

/** What is quick is done so often; the least reading counts. */
const ROUNDS = 4;

interface Stage {
  readonly name: string;
  /** By the clock, and of processor time, garbage collection on other threads included. */
  readonly seconds: number;
  readonly processor: number;
  /** Heap and typed arrays after it. */
  readonly megabytes: number;
}

/** `audit`: an audit of CelebA's size, drawn predictions, stage by stage. */
export async function auditCommand({ json, quick }: Options): Promise<void> {
  const examples = quick ? 20_000 : 200_000;
  const stages = new Map<string, Stage>();
  const timed = <T>(name: string, run: () => T): T => {
    const start = performance.now();
    const before = process.cpuUsage();
    const result = run();
    const { user, system } = process.cpuUsage(before);
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    const known = stages.get(name);
    const stage: Stage = {
      name,
      seconds: Math.min(known?.seconds ?? Infinity, (performance.now() - start) / 1000),
      processor: Math.min(known?.processor ?? Infinity, (user + system) / 1e6),
      megabytes: (heapUsed + arrayBuffers) / 1e6,
    };
    stages.set(name, stage);
    process.stderr.write(`${name}: ${stage.seconds.toFixed(1)} s\n`);
    return result;
  };

  const table = timed('draw the predictions (not part of an audit)', () => drawTable(examples));
  const answer = () => {
    const prepared = timed('votes, modal labels, errors', () => prepareTable(table, AUDIT));
    const numbers = timed('CIE, rankings, rates and intervals of all subgroups', () => quickAudit(prepared));
    return { prepared, numbers };
  };
  for (let round = 1; round < ROUNDS; round++) answer();
  const { prepared, numbers } = answer();
  const parts = depthParts(prepared, numbers);
  timed('in the background: null control', () => parts.next());
  timed('in the background: resampling and slices of the first level', () => nextLevel(parts));
  timed('in the background: those of the other levels', () => {
    for (let level = 1; level < LEVELS.length; level++) nextLevel(parts);
  });

  const rows = numbers.subgroups.groups.length;
  const cpu = cpus()[0]?.model.trim() ?? 'unknown';
  const peak = process.resourceUsage().maxRSS / 1000;
  process.stdout.write(
    renderTable({
      caption:
        `${examples.toLocaleString('en')} examples x ${String(MEMBERS * (1 + LEVELS.length))} members, ${String(ATTRIBUTES)} binary attributes, ` +
        `${rows.toLocaleString('en')} subgroups a level; least of ${String(ROUNDS)} rounds of the first two stages; at most ${peak.toFixed(0)} MB in all; ` +
        `${cpu}, ${String(availableParallelism())} cores, Node ${process.version}`,
      columns: [
        { name: 'stage', numeric: false },
        { name: 'seconds', numeric: true },
        { name: 'processor', numeric: true },
        { name: 'MB after it', numeric: true },
      ],
      rows: [...stages.values()].map(({ name, seconds, processor, megabytes }) => ({
        cells: [name, seconds.toFixed(2), processor.toFixed(2), megabytes.toFixed(0)],
      })),
    }),
  );
  if (json === null) return;
  const found = { examples, rows, cpu, peak, stages: [...stages.values()] };
  await writeFile(json, `${JSON.stringify(found, null, 2)}\n`);
}

function nextLevel(parts: ReturnType<typeof depthParts>): void {
  let step = parts.next();
  while (step.done !== true && step.value === undefined) step = parts.next();
}
