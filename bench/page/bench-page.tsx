import { useRef, useState } from 'react';
import { Button } from '#ui/kit/button.tsx';
import { Footer } from '#ui/kit/footer.tsx';
import { Note } from '#ui/kit/note.tsx';
import { PageHead } from '#ui/kit/page-head.tsx';
import { DataTable } from '#ui/kit/table-twin.tsx';
import { gpuTable, machineFacts, ratioTable, trainTable, type TextTable } from '../report/columns.ts';
import type { Ratios } from '../report/report.ts';
import { reasonOf } from '../run/rounds.ts';
import { runOnThisDevice, type PageReport } from './run.ts';

type State =
  | { readonly kind: 'ready' }
  | { readonly kind: 'running'; readonly doing: string }
  | { readonly kind: 'done'; readonly report: PageReport }
  | { readonly kind: 'failed'; readonly reason: string };

/** Times the trainers on the device of the visitor. */
export function BenchPage() {
  const [state, setState] = useState<State>({ kind: 'ready' });
  const stop = useRef<AbortController | null>(null);
  const start = async (quick: boolean): Promise<void> => {
    const controller = new AbortController();
    stop.current = controller;
    const say = (doing: string): void => {
      setState({ kind: 'running', doing });
    };
    say('starting');
    try {
      const report = await runOnThisDevice(quick, { say, signal: controller.signal });
      setState({ kind: 'done', report });
    } catch (error) {
      setState(controller.signal.aborted ? { kind: 'ready' } : { kind: 'failed', reason: reasonOf(error) });
    }
  };
  return (
    <>
      <main className="page">
        <PageHead over={<a href="./">Longtail</a>} title="How fast does this device train?" />
        <p className="lead sec">
          Trains small networks on random data with every trainer that this browser has, in turns with the layers models
          of TensorFlow.js, and shows how fast each was. Close other programs and keep this page in front meanwhile.
        </p>
        <div className="acts sec">
          {state.kind === 'running' ? (
            <Button onClick={() => stop.current?.abort()}>Stop</Button>
          ) : (
            <>
              <Button primary onClick={() => void start(true)}>
                Start the short benchmark
              </Button>
              <Button onClick={() => void start(false)}>Start the full benchmark</Button>
            </>
          )}
        </div>
        <p className="small sec" role="status">
          {state.kind === 'running' ? `Running: ${state.doing}` : state.kind === 'done' ? 'The benchmark is done.' : ''}
        </p>
        {state.kind === 'failed' ? (
          <Note tone="warn" fact="The benchmark ended early." live>
            {state.reason}
          </Note>
        ) : null}
        {state.kind === 'done' ? <Report report={state.report} /> : null}
      </main>
      <Footer>Times on a device in use vary: run it twice.</Footer>
    </>
  );
}

function Report({ report }: { readonly report: PageReport }) {
  const [copied, setCopied] = useState('');
  const json = JSON.stringify(report, null, 2);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(json);
      setCopied('Copied.');
    } catch {
      setCopied('The browser did not allow it: copy the text below.');
    }
  };
  return (
    <>
      <section className="sec" aria-labelledby="device">
        <h2 id="device">This device</h2>
        <ul className="small">
          {machineFacts(report.machine).map(([name, value]) => (
            <li key={name}>
              {name}: {value}
            </li>
          ))}
        </ul>
        <div className="acts sec">
          <Button primary onClick={() => void copy()}>
            Copy the result as JSON
          </Button>
          <span role="status">{copied}</span>
        </div>
      </section>
      <section className="sec" aria-labelledby="train">
        <h2 id="train">Training</h2>
        <Table table={trainTable(report.train.rows)} />
        <Table table={ratioTable('training', measured(report.train.ratios))} />
      </section>
      <section className="sec" aria-labelledby="gpu">
        <h2 id="gpu">Populations on graphics devices</h2>
        <Table table={gpuTable(report.gpu.rows)} />
        <Table table={ratioTable('graphics devices', measured(report.gpu.ratios))} />
      </section>
      <details className="sec">
        <summary>The result as JSON</summary>
        <pre className="code twin-scroll" tabIndex={0}>
          {json}
        </pre>
      </details>
    </>
  );
}

/** The ratios that a page can measure: PyTorch runs beside the command line alone. */
function measured(ratios: Ratios): Ratios {
  return Object.fromEntries(Object.entries(ratios).filter(([, { value }]) => value !== null));
}

function Table({ table: { caption, columns, rows } }: { readonly table: TextTable }) {
  const noted = rows.some(({ note }) => note !== undefined);
  return (
    <div className="sec">
      <DataTable
        caption={caption}
        columns={noted ? [...columns, { name: 'note' }] : columns}
        rows={rows.map(({ cells, note = '' }, i) => ({
          key: String(i),
          cells: noted ? [...cells, note] : cells,
        }))}
      />
    </div>
  );
}
