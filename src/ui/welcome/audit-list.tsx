import { useState } from 'react';
import { deleteAudit, exportAudit, importAudit, useLibrary } from '#store/library.ts';
import type { LibraryState } from '#store/state.ts';
import type { AuditSummary } from '#storage/records.ts';
import { Button, LinkButton } from '#ui/kit/button.tsx';
import { Dialog } from '#ui/kit/dialog.tsx';
import { FilePicker } from '#ui/kit/file-picker.tsx';
import { count, counted } from '#ui/kit/format.ts';
import { openKept } from './open-kept.ts';

const KEPT_WORDS: Readonly<Record<LibraryState['persistence'], string>> = {
  persistent: 'Kept on this device.',
  'best-effort': 'Kept on this device; the browser may clear it if space runs low. Export what matters.',
  memory: 'This window keeps nothing once it is closed: export what matters.',
  unknown: '',
};

const STATUS_WORDS: Readonly<Record<AuditSummary['status'], string>> = {
  training: 'not finished',
  stopped: 'stopped',
  done: 'done',
};

interface AuditListProps {
  readonly audits: readonly AuditSummary[];
  readonly persistence: LibraryState['persistence'];
}

/** The audits that are kept on this device: open, export, delete (asked twice), and a file of one to take in. */
export function AuditList({ audits, persistence }: AuditListProps) {
  const [doomed, setDoomed] = useState<AuditSummary | null>(null);
  const [moment] = useState(() => Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }));
  return (
    <section className="kept" aria-labelledby="kept-audits">
      <div className="sec-head">
        <h2 id="kept-audits">{audits.length === 0 ? 'No audit is kept here yet' : 'Audits on this device'}</h2>
        <FilePicker look="link" accept=".zip" onFiles={(files) => void takeIn(files)}>
          Import an audit file
        </FilePicker>
      </div>
      {audits.length === 0 ? (
        <p className="small mute">What you train and label is kept here by itself, and is still here after a reload.</p>
      ) : (
        <>
          <ul className="audits">
            {audits.map((audit) => (
              <li key={audit.id}>
                <span className="name">
                  <LinkButton onClick={() => void openKept(audit)}>{audit.name}</LinkButton>
                  <span className="mute small"> {moment.format(new Date(audit.createdAt))}</span>
                </span>
                <span className="small">
                  {count(audit.members)} of {count(audit.planned)} members
                  <span className="mute">, {STATUS_WORDS[audit.status]}</span>
                </span>
                <span className="small">{counted(audit.labels, ['label', 'labels'])}</span>
                <span className="acts">
                  <LinkButton label={`Export ${audit.name}`} onClick={() => void exportAudit(audit.id)}>
                    Export
                  </LinkButton>
                  <LinkButton label={`Delete ${audit.name}`} onClick={() => setDoomed(audit)}>
                    Delete
                  </LinkButton>
                </span>
              </li>
            ))}
          </ul>
          <p className="no">{KEPT_WORDS[persistence]}</p>
        </>
      )}
      <Dialog
        open={doomed !== null}
        title="Delete this audit?"
        onClose={() => setDoomed(null)}
        actions={
          <>
            <Button onClick={() => setDoomed(null)}>Keep it</Button>
            <Button
              primary
              onClick={() => {
                if (doomed !== null) void deleteAudit(doomed.id);
                setDoomed(null);
              }}
            >
              Delete it
            </Button>
          </>
        }
      >
        <p>
          {doomed === null
            ? ''
            : `${doomed.name}: ${counted(doomed.members, ['trained member', 'trained members'])} and ${counted(doomed.labels, ['label', 'labels'])} go. This cannot be taken back.`}
        </p>
      </Dialog>
    </section>
  );
}

async function takeIn(files: readonly File[]): Promise<void> {
  const [file] = files;
  if (file === undefined) return;
  await importAudit(file);
  if (useLibrary.getState().problem === null) location.hash = '#/evidence';
}
