import { useState } from 'react';
import { useData } from '#store/data.ts';
import { useGallery } from '#store/gallery.ts';
import { usePlan } from '#store/plan.ts';
import type { TrainingState } from '#store/state.ts';
import { pauseTraining, resumeTraining, stopTraining, useTraining } from '#store/training.ts';
import { Button, ButtonLink, LinkButton } from '#ui/kit/button.tsx';
import { Dialog } from '#ui/kit/dialog.tsx';
import { Empty } from '#ui/kit/empty.tsx';
import { count, duration, durationRange } from '#ui/kit/format.ts';
import { Note } from '#ui/kit/note.tsx';
import { levelText } from '#ui/kit/levels.ts';
import { Cores } from './cores.tsx';
import { LossChart } from './loss-chart.tsx';
import { PaceChart } from './pace-chart.tsx';
import { GridLegend, PopulationGrid } from './population-grid.tsx';
import './training.css';
import { backendName, backendText, mixtureText, raceText, reasonText, spokenState, titleOf } from './words.ts';

/** The training stage: every member a cell, what is known so far with its interval, and which backend runs and why. */
export function TrainingScreen() {
  const training = useTraining();
  const plan = usePlan((state) => state.plan);
  if (training.status === 'idle' || plan === null) {
    return (
      <Empty
        title="Training has not started"
        action={
          <ButtonLink primary href={plan === null ? '#/data' : '#/plan'}>
            {plan === null ? 'Choose data' : 'Go to the plan'}
          </ButtonLink>
        }
      >
        Once a plan is started, every model appears here as a cell that fills, with what the populations disagree on so
        far.
      </Empty>
    );
  }
  return (
    <main className="page">
      <div className="head training-head">
        <h1>{titleOf(training)}</h1>
        <Controls />
      </div>
      <p className="vh" role="status">
        {spokenState(training)}
      </p>
      <Status />
      <PopulationGrid levels={training.levels} chance={training.chance} members={plan.members} />
      <GridLegend />
      <div className="three">
        <section>
          <h2>Loss, mean of each level</h2>
          <LossChart levels={training.levels} steps={plan.steps} />
        </section>
        <section>
          <h2>Pace</h2>
          <PaceChart history={training.paceHistory} isLive={isLiveStatus(training.status)} />
        </section>
        <section>
          <h2>What happened</h2>
          {training.log.length === 0 ? <p className="small">Nothing out of the ordinary.</p> : null}
          <ol className="log">
            {training.log.slice(0, 8).map((entry, i) => (
              <li key={training.log.length - i}>
                <time>{entry.time}</time>
                <span>{entry.message}</span>
              </li>
            ))}
          </ol>
        </section>
      </div>
    </main>
  );
}

const isLiveStatus = (status: TrainingState['status']): boolean =>
  status === 'running' || status === 'starting' || status === 'paused';

function Controls() {
  const status = useTraining((state) => state.status);
  const done = useTraining((state) => state.done);
  const isLive = isLiveStatus(status);
  const stop = (
    <Button icon="stop" onClick={stopTraining}>
      {done === 0 ? 'Stop' : `Stop and keep ${String(done)}`}
    </Button>
  );
  return (
    <div className="acts">
      {status === 'running' || status === 'starting' ? (
        <Button primary icon="pause" onClick={pauseTraining}>
          Pause
        </Button>
      ) : null}
      {status === 'paused' || status === 'stopped' || status === 'failed' ? (
        <Button primary icon="play" onClick={resumeTraining}>
          Resume
        </Button>
      ) : null}
      {status === 'done' ? (
        <ButtonLink primary href="#/evidence">
          See the evidence
        </ButtonLink>
      ) : null}
      {isLive ? stop : null}
    </div>
  );
}

/** What is known so far, and which backend runs and why. */
function Status() {
  const { status, etaMs, pace, levels, admission, problem, results } = useTraining();
  const chosen = useGallery((state) => state.filters.level);
  const noun = useData(({ state }) => (state.kind === 'ready' ? state.dataset.noun[1] : 'examples'));
  const [open, setOpen] = useState(false);
  const level =
    levels.find((row) => row.level === chosen && row.cie !== null) ?? levels.findLast((row) => row.cie !== null);
  const cie = level?.cie ?? null;
  const isLive = isLiveStatus(status);
  const mixture = mixtureText(results);
  return (
    <div className="status">
      {isLive ? (
        <div className="stat">
          <span>Ready in</span>
          <b>{etaMs === null ? '…' : durationRange(etaMs.low, etaMs.high)}</b>
        </div>
      ) : null}
      {isLive || pace !== null ? (
        <div className="stat">
          <span>Members a minute</span>
          <b>{pace === null ? '…' : pace < 10 ? pace.toFixed(1) : count(pace)}</b>
        </div>
      ) : null}
      <div className="stat">
        <span>
          {noun[0]?.toUpperCase()}
          {noun.slice(1)} that changed label{level === undefined ? '' : ` at ${levelText(level.level)}`}
        </span>
        <b>
          {cie?.value === null || cie === null ? '…' : count(cie.value)}{' '}
          {cie === null || cie.low === null || cie.high === null ? null : (
            <small>
              {count(cie.low)}–{count(cie.high)}
            </small>
          )}
        </b>
      </div>
      <div className="status-note">
        {problem === null ? null : (
          <Note tone="warn" fact={problem.message} live>
            {status === 'paused' ? 'Resume when there is room again.' : ''}
          </Note>
        )}
        {admission === null ? (
          <Note fact="Checking which backend can be trusted.">It takes a second or two.</Note>
        ) : (
          <Note
            fact={`${isLive ? 'Running' : 'Ran'} on ${backendText(admission)}.`}
            action={
              <LinkButton
                onClick={() => {
                  setOpen(true);
                }}
              >
                Details
              </LinkButton>
            }
          >
            {reasonText(admission)}
          </Note>
        )}
        {isLive ? <Cores /> : null}
        {mixture === null ? null : (
          <Note tone="warn" fact={mixture}>
            They round differently: part of what changed between populations may come from that.
          </Note>
        )}
      </div>
      {admission === null ? null : (
        <Dialog
          open={open}
          title="Which backend runs, and why"
          onClose={() => {
            setOpen(false);
          }}
        >
          <p className="small">
            {backendText(admission)}: {admission.detail}. {admission.race ? raceText(admission.race) : ''}
          </p>
          <table className="tbl">
            <caption>Every backend that was tried, in order</caption>
            <thead>
              <tr>
                <th scope="col">Backend</th>
                <th scope="col">Outcome</th>
                <th scope="col">Took</th>
                <th scope="col">Reason</th>
              </tr>
            </thead>
            <tbody>
              {admission.tried.map((one) => (
                <tr key={one.backend}>
                  <td>{backendName(one.backend)}</td>
                  <td>{one.admitted ? 'passed' : 'not used'}</td>
                  <td className="n">{duration(one.durationMs)}</td>
                  <td className="reason">{one.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Dialog>
      )}
    </div>
  );
}
