import './welcome.css';
import { useEffect } from 'react';
import { refreshLibrary, runDemo, useLibrary } from '#store/library.ts';
import { namedFiles } from '#ui/data/file-drop.ts';
import { openFilesAndLook } from '#ui/data/open-files.ts';
import { Button } from '#ui/kit/button.tsx';
import { FilePicker } from '#ui/kit/file-picker.tsx';
import { Note } from '#ui/kit/note.tsx';
import { AuditList } from './audit-list.tsx';
import { openKept } from './open-kept.ts';
import { Illustration } from './illustration.tsx';
import { WELCOME } from './words.ts';

/** The first screen: what this is in one sentence, three ways in, and the audits that are kept on this device. */
export function WelcomeScreen() {
  const { audits, persistence, problem } = useLibrary();
  useEffect(() => {
    // Members and labels were added since the list was read.
    void refreshLibrary();
  }, []);
  const { finished, run, own } = WELCOME.doors;
  const latest = audits.find((audit) => audit.status === 'done');
  const openLatest = (): void => {
    if (latest !== undefined) void openKept(latest);
  };
  return (
    <main className="page welcome">
      <section className="hero">
        <div>
          <h1>{WELCOME.title}</h1>
          <p className="lead">{WELCOME.lead}</p>
        </div>
        <Illustration />
      </section>
      <div className="below">
        {problem === null ? null : (
          <Note tone="warn" fact={problem.message} live>
            Everything else works.
          </Note>
        )}
        <section className="doors" aria-label="Three ways to begin">
          <div className={latest === undefined ? 'door' : 'door first'}>
            <h2>{finished.title}</h2>
            <p className="small">{finished.text}</p>
            <p className="go">
              <Button
                primary={latest !== undefined}
                onClick={openLatest}
                disabledReason={latest === undefined ? 'No audit is finished on this device yet. Run one first.' : null}
              >
                {finished.action}
              </Button>
              {latest === undefined ? 'none on this device yet' : finished.aside}
            </p>
          </div>
          <div className={latest === undefined ? 'door first' : 'door'}>
            <h2>{run.title}</h2>
            <p className="small">{run.text}</p>
            <p className="go">
              <Button primary={latest === undefined} onClick={startDemo}>
                {run.action}
              </Button>
              {run.aside}
            </p>
          </div>
          <div className="door">
            <h2>{own.title}</h2>
            <p className="small">{own.text}</p>
            <p className="go">
              <FilePicker multiple accept=".zip,.csv,image/*" onFiles={(files) => openFilesAndLook(namedFiles(files))}>
                {own.action}
              </FilePicker>
              <span>
                <FilePicker folder look="link" onFiles={(files) => openFilesAndLook(namedFiles(files))}>
                  {own.folder}
                </FilePicker>{' '}
                <span className="aside">{own.aside}</span>
              </span>
            </p>
          </div>
        </section>
        <AuditList audits={audits} persistence={persistence} />
      </div>
    </main>
  );
}

function startDemo(): void {
  location.hash = '#/data';
  void runDemo('faces');
}
