import './data.css';
import { useState } from 'react';
import type { Dataset } from '#dataset/dataset.ts';
import { splitCounts } from '#dataset/overview.ts';
import { useData } from '#store/data.ts';
import type { DataState } from '#store/state.ts';
import { Button, ButtonLink } from '#ui/kit/button.tsx';
import { count, counted } from '#ui/kit/format.ts';
import { Note } from '#ui/kit/note.tsx';
import { PageHead } from '#ui/kit/page-head.tsx';
import { Crossings } from './crossings.tsx';
import { DataChoice } from './data-choice.tsx';
import { DataLoading } from './data-loading.tsx';
import { FileNotes } from './file-notes.tsx';
import { ImageWall } from './image-wall.tsx';
import { LongTail } from './long-tail.tsx';
import { MappingForm } from './mapping-form.tsx';
import { QuestionForm } from './question-form.tsx';
import { TablePreview } from './table-preview.tsx';

/** The data stage: choose, load, map columns, then see what is in the data and ask a question of them. */
export function DataScreen() {
  const state = useData((store) => store.state);
  switch (state.kind) {
    case 'none':
      return <DataChoice />;
    case 'failed':
      return <DataChoice problem={state.problem} />;
    case 'loading':
      return <DataLoading progress={state.progress} />;
    case 'mapping':
      return <MappingForm key={state.inspection.token} inspection={state.inspection} />;
    case 'ready':
      return <DataOverview key={state.dataset.hash} {...state} />;
    default:
      return state satisfies never;
  }
}

function DataOverview({ loaded, dataset, question }: Extract<DataState, { kind: 'ready' }>) {
  const [choosing, setChoosing] = useState(false);
  if (choosing) return <DataChoice onBack={() => setChoosing(false)} />;
  return (
    <main className="page">
      <PageHead
        over={dataset.origin.kind === 'files' ? `${dataset.name}, your files` : `${dataset.name}, built in`}
        title={counted(dataset.ids.length, dataset.noun)}
        action={
          <div className="acts nowrap">
            <Button onClick={() => setChoosing(true)}>Other data</Button>
            <ButtonLink primary href="#/plan">
              Continue to the plan
            </ButtonLink>
          </div>
        }
      />
      <p className="small" style={{ paddingTop: 4 }}>
        {shapeWords(dataset)} {splitWords(dataset)}{' '}
        <span className="mute">
          Content{' '}
          <code title={dataset.hash}>
            {dataset.hash.slice(0, 4)}…{dataset.hash.slice(-4)}
          </code>
        </span>
      </p>
      <div className="two" style={{ paddingTop: 24 }}>
        <div>
          {dataset.features.kind === 'images' ? (
            <ImageWall dataset={dataset} question={question} />
          ) : (
            <TablePreview dataset={dataset} />
          )}
          <div className="tail sec">
            <LongTail dataset={dataset} question={question} />
            <div>
              <Crossings dataset={dataset} question={question} />
              <FileNotes loaded={loaded} />
              {dataset.remarks.length === 0 ? null : (
                <div className="notes">
                  <Note fact="About these data.">{dataset.remarks.join(' ')}</Note>
                </div>
              )}
            </div>
          </div>
        </div>
        <aside className="side" aria-label="What to audit">
          <QuestionForm dataset={dataset} question={question} />
        </aside>
      </div>
    </main>
  );
}

function shapeWords({ features, columns }: Dataset): string {
  if (features.kind === 'images') {
    const colour = features.channels === 3 ? 'colour' : 'grey';
    return `${String(features.width)} × ${String(features.height)} pixels, ${colour}, ${String(columns.length)} attributes.`;
  }
  return `${String(features.numeric.length + features.categorical.length)} columns that the models see, ${String(columns.length)} that can be compared.`;
}

function splitWords(dataset: Dataset): string {
  const { train, audit, unused } = splitCounts(dataset);
  return `${count(train)} to train on, ${count(audit)} to audit${unused === 0 ? '' : `, ${count(unused)} not used`}.`;
}
