import './welcome.css';
import { useEffect } from 'react';
import { openFinishedAudit, refreshLibrary, runDemo, useLibrary } from '#store/library.ts';
import { namedFiles } from '#ui/data/file-drop.ts';
import { openFilesAndLook } from '#ui/data/open-files.ts';
import { Button } from '#ui/kit/button.tsx';
import { FilePicker } from '#ui/kit/file-picker.tsx';
import { Note } from '#ui/kit/note.tsx';
import { AuditList } from './audit-list.tsx';
import { Illustration } from './illustration.tsx';
import { WELCOME } from './words.ts';

/** The first screen: what this is in one sentence, three ways in, and the audits that are kept on this device. */
export function WelcomeScreen() {
  const { audits, persistence, problem, opening } = useLibrary();
  useEffect(() => {
    // Members and labels were added since the list was read.
    void refreshLibrary();
  }, []);
  const { finished, run, own } = WELCOME.doors;
  const openFinished = async (): Promise<void> => {
    await openFinishedAudit();
    if (useLibrary.getState().problem === null) location.hash = '#/evidence';
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
          <div className="door first">
            <h2>{finished.title}</h2>
            <p className="small">{finished.text}</p>
            <p className="go">
              <Button
                primary
                onClick={() => void openFinished()}
                disabledReason={opening === null ? null : `${opening} is being opened.`}
              >
                {finished.action}
              </Button>
              <span aria-live="polite">{opening === null ? finished.aside : finished.opening}</span>
            </p>
          </div>
          <div className="door">
            <h2>{run.title}</h2>
            <p className="small">{run.text}</p>
            <p className="go">
              <Button onClick={startDemo}>{run.action}</Button>
              <span>
                <a className="lnk" href="#/data">
                  {run.choose}
                </a>{' '}
                <span className="aside">{run.aside}</span>
              </span>
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
