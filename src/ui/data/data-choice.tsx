import { chooseBuiltin } from '#store/data.ts';
import type { Problem } from '#lib/result.ts';
import { Button } from '#ui/kit/button.tsx';
import { FilePicker } from '#ui/kit/file-picker.tsx';
import { Note } from '#ui/kit/note.tsx';
import { PageHead } from '#ui/kit/page-head.tsx';
import { namedFiles } from './file-drop.ts';
import { openFilesAndLook } from './open-files.ts';
import { BUILTINS, FILES_TEXT } from './words.ts';

interface DataChoiceProps {
  readonly problem?: Problem;
  /** Back to the data that are there, if some are. */
  readonly onBack?: () => void;
}

/** Where the data come from: what is built in, or files of one's own. */
export function DataChoice({ problem, onBack }: DataChoiceProps) {
  return (
    <main className="page">
      <PageHead
        title="Which data to audit"
        action={onBack === undefined ? undefined : <Button onClick={onBack}>Keep the data that are here</Button>}
      />
      {problem === undefined ? null : (
        <div style={{ paddingTop: 24 }}>
          <Note tone="warn" fact={problem.message} live>
            Nothing was taken in. Choose other files, or data that are built in.
          </Note>
        </div>
      )}
      <ul className="choice">
        {BUILTINS.map((builtin, index) => (
          <li key={builtin.id}>
            <h2>{builtin.name}</h2>
            <p className="small">{builtin.text}</p>
            <Button
              primary={index === 0}
              onClick={() => {
                onBack?.();
                void chooseBuiltin(builtin.id);
              }}
            >
              {builtin.action}
            </Button>
          </li>
        ))}
        <li>
          <h2>Your own files</h2>
          <p className="small">{FILES_TEXT}</p>
          <span className="acts nowrap">
            <FilePicker
              multiple
              accept=".zip,.csv,image/*"
              onFiles={(files) => {
                onBack?.();
                openFilesAndLook(namedFiles(files));
              }}
            >
              Choose files
            </FilePicker>
            <FilePicker
              folder
              onFiles={(files) => {
                onBack?.();
                openFilesAndLook(namedFiles(files));
              }}
            >
              Choose a folder
            </FilePicker>
          </span>
        </li>
      </ul>
    </main>
  );
}
