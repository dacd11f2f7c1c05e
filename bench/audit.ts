import { quickAudit } from '#audit/audit.ts';
import { depthSteps } from '#audit/depth.ts';
import type { Population, PredictionTable } from '#audit/predictions.ts';
import { prepareTable } from '#audit/prepared.ts';
import { stream } from '#lib/random.ts';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import type { Options } from './options.ts';
import { renderTable } from './report/columns.ts';

const MEMBERS = 30;
const LEVELS = [0, 0.1, 0.2, 0.4, 0.6, 1, 1.5, 2]; // how much harder each level makes what is hard
const ATTRIBUTES = 40;
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
  const result = timed('CIE, rankings, rates and intervals of all subgroups', () => quickAudit(prepared));
  const steps = depthSteps(prepared, result);
  timed('in the background: null control', () => steps.next());
  timed('in the background: resampling and slices of one level', () => steps.next());

  const rows = result.comparisons[0]!.subgroups.length;
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

/** Predictions of populations that err on about one example in twenty, mostly on the same ones. */
function drawTable(examples: number): PredictionTable {
  const random = stream(1, 'bench-audit');
  const labels = Uint16Array.from({ length: examples }, () => (random.next() < 0.15 ? 1 : 0));
  const hardness = Float64Array.from({ length: examples }, () => random.next() ** 8);
  const attributes = Array.from({ length: ATTRIBUTES }, (_, a) => {
    const share = 0.02 + (0.5 * a * a) / ATTRIBUTES ** 2;
    return {
      name: `a${String(a)}`,
      values: ['0', '1'],
      codes: Int16Array.from({ length: examples }, () => (random.next() < share ? 1 : 0)),
    };
  });
  const members = Array.from({ length: MEMBERS }, (_, k) => String(k));
  const population = (name: string, harder: number): Population => {
    const predictions = new Uint8Array(MEMBERS * examples);
    for (let k = 0, at = 0; k < MEMBERS; k++) {
      for (let x = 0; x < examples; x++, at++) {
        const chance = hardness[x]! > 0.05 ? hardness[x]! * (0.4 + 0.1 * harder) : 0;
        const errs = chance > 0 && random.next() < chance;
        predictions[at] = errs ? 1 - labels[x]! : labels[x]!;
      }
    }
    return { name, members, predictions };
  };
  return {
    examples: { ids: Array.from({ length: examples }, (_, x) => String(x)), classes: ['0', '1'], labels, attributes },
    baseline: population('baseline', 0),
    compressed: LEVELS.map((harder, i) => population(`level-${String(i + 1)}`, harder)),
  };
}
