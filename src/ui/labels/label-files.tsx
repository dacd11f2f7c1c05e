import { useState } from 'react';
import type { Problem, Result } from '#lib/result.ts';
import { openLabels, saveLabels, type Merged } from '#store/review-files.ts';
import { Button } from '#ui/kit/button.tsx';
import { FilePicker } from '#ui/kit/file-picker.tsx';
import { count } from '#ui/kit/format.ts';
import { Note } from '#ui/kit/note.tsx';

function mergedText({ file, fresh, unknown }: Merged): string {
  const what = fresh === 0 ? 'nothing new in it.' : `${count(fresh)} new decisions merged.`;
  const left = unknown === 0 ? '' : ` ${count(unknown)} left out: their examples are not in this audit.`;
  return `${file}: ${what}${left}`;
}

/** The labels as files: to give to others, and to merge theirs. */
export function LabelFiles() {
  const [merged, setMerged] = useState<readonly Result<Merged>[]>([]);
  const take = async (files: readonly File[]): Promise<void> => {
    const results: Result<Merged>[] = [];
    for (const file of files) results.push(await openLabels(file));
    setMerged(results);
  };
  const problems = merged.flatMap((one): readonly Problem[] => (one.ok ? [] : [one.problem]));
  return (
    <section aria-labelledby="label-files">
      <h2 id="label-files">Files</h2>
      <p className="small">
        Merge labels of others: what is here already is not added again, and the order of files does not matter. JSON
        holds every decision and the questions. CSV, Label Studio (with the labelling interface that fits) and FiftyOne
        hold the answers in force and read back the same; of the questions they hold names at most, so give JSON to
        somebody who does not have them.
      </p>
      <p className="acts">
        <FilePicker multiple accept=".csv,.json" onFiles={(files) => void take(files)}>
          Merge files of labels
        </FilePicker>
        <Button small onClick={() => saveLabels('json')}>
          Save JSON
        </Button>
        <Button small onClick={() => saveLabels('csv')}>
          Save CSV
        </Button>
        <Button small onClick={() => saveLabels('label-studio')}>
          Save for Label Studio
        </Button>
        <Button small onClick={() => saveLabels('fiftyone')}>
          Save for FiftyOne
        </Button>
      </p>
      <div role="status">
        {merged.map((one) => (one.ok ? <p key={one.value.file}>{mergedText(one.value)}</p> : null))}
      </div>
      {problems.map(({ message }) => (
        <Note key={message} tone="warn" fact={message} live />
      ))}
    </section>
  );
}
