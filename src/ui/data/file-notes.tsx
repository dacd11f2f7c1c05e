import type { LoadedDataset } from '#sources/source.ts';
import { count, counted } from '#ui/kit/format.ts';
import { Note } from '#ui/kit/note.tsx';

const LISTED = 200;

/** What was noticed while loading: examples in both splits, copies, and every file that was left out with its reason. */
export function FileNotes({ loaded }: { readonly loaded: LoadedDataset }) {
  const { duplicates, skipped, dataset } = loaded;
  return (
    <div className="notes">
      {dataset.features.kind === 'images' ? (
        <ImageCopies duplicates={duplicates} noun={dataset.noun} />
      ) : (
        <TableCopies duplicates={duplicates} noun={dataset.noun} />
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

interface CopiesProps {
  readonly duplicates: LoadedDataset['duplicates'];
  readonly noun: readonly [string, string];
}

const are = (n: number): string => (n === 1 ? 'is' : 'are');

/** The same picture twice is the same example: a copy across splits is a leak, and is left out of training. */
function ImageCopies({ duplicates, noun }: CopiesProps) {
  const across = duplicates.acrossSplits;
  const within = duplicates.groups - across;
  return (
    <>
      {across === 0 ? null : (
        <Note tone="warn" fact={`${counted(across, noun)} ${are(across)} in both splits.`}>
          The copies are left out of training, so that nothing audited has been seen before.
        </Note>
      )}
      {within === 0 ? null : (
        <Note fact={`${counted(within, noun)} ${are(within)} there more than once.`}>
          All within one split, so all are kept.
        </Note>
      )}
    </>
  );
}

/** Two rows with the same values may well be two people: they are kept, and said. */
function TableCopies({ duplicates, noun }: CopiesProps) {
  if (duplicates.groups === 0) return null;
  return (
    <Note
      fact={`${counted(duplicates.groups, ['set', 'sets'])} of rows with the same inputs, ${count(duplicates.acrossSplits)} across the splits.`}
    >
      They are kept: they need not be the same {noun[0]}.
    </Note>
  );
}
