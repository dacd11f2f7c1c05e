import type { LoadedDataset } from '#sources/source.ts';
import { count } from '#ui/kit/format.ts';
import { Note } from '#ui/kit/note.tsx';

const LISTED = 200;

/** What was noticed while loading: examples in both splits, copies, and every file that was left out with its reason. */
export function FileNotes({ loaded }: { readonly loaded: LoadedDataset }) {
  const { duplicates, skipped, dataset } = loaded;
  const [one, many] = dataset.noun;
  const noun = (n: number): string => (n === 1 ? one : many);
  const copies = duplicates.groups - duplicates.acrossSplits;
  return (
    <div className="notes">
      {duplicates.acrossSplits === 0 ? null : (
        <Note
          tone="warn"
          fact={`${count(duplicates.acrossSplits)} ${noun(duplicates.acrossSplits)} ${duplicates.acrossSplits === 1 ? 'is' : 'are'} in both splits.`}
        >
          The copies are left out of training, so that nothing audited has been seen before.
        </Note>
      )}
      {copies === 0 ? null : (
        <Note fact={`${count(copies)} ${noun(copies)} ${copies === 1 ? 'is' : 'are'} there more than once.`}>
          All within one split, so all are kept.
        </Note>
      )}
      {skipped.length === 0 ? null : (
        <Note
          tone="warn"
          fact={`${count(skipped.length)} ${skipped.length === 1 ? 'file was' : 'files were'} left out.`}
        >
          The rest is here.
          <details>
            <summary>Which, and why</summary>
            <ul className="plain">
              {skipped.slice(0, LISTED).map((file) => (
                <li key={file.name}>
                  <code>{file.name}</code>: {file.reason}
                </li>
              ))}
              {skipped.length <= LISTED ? null : <li>and {count(skipped.length - LISTED)} more</li>}
            </ul>
          </details>
        </Note>
      )}
    </div>
  );
}
