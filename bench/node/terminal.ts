import { writeFile } from 'node:fs/promises';
import { machineFacts, renderTable, type TextTable } from '../report/columns.ts';
import type { Machine } from '../report/report.ts';
import type { Progress } from '../run/rounds.ts';
import type { Options } from '../options.ts';

/** Progress on standard error: one line that is written over in a terminal, nothing elsewhere. */
export function terminalProgress(): Progress & { readonly done: () => void } {
  const { isTTY, columns = 80 } = process.stderr;
  const write = (text: string): void => {
    if (isTTY) process.stderr.write(`\r\u001b[K${text.slice(0, columns - 1)}`);
  };
  return {
    say: write,
    done: () => {
      write('');
    },
  };
}

/** The machine and the tables on standard output, the whole report in `--json`. */
export async function publish(
  report: { readonly machine: Machine },
  tables: readonly TextTable[],
  { json }: Options,
): Promise<void> {
  const facts = machineFacts(report.machine).map(([name, value]) => `${name}: ${value}\n`);
  process.stdout.write([facts.join(''), ...tables.map(renderTable)].join('\n'));
  if (json !== null) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
}
