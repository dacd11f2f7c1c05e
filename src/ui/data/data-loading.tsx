import { cancelLoading } from '#store/data.ts';
import type { SourceProgress } from '#sources/source.ts';
import { Button } from '#ui/kit/button.tsx';
import { count } from '#ui/kit/format.ts';
import { PageHead } from '#ui/kit/page-head.tsx';

/** How far loading is. What is read out changes in tenths only, so that a screen reader can keep up. */
export function DataLoading({ progress }: { readonly progress: SourceProgress }) {
  const { stage, done, total } = progress;
  const tenth = total === null || total === 0 ? null : Math.floor((10 * done) / total) * 10;
  return (
    <main className="page">
      <PageHead title={stage} action={<Button onClick={cancelLoading}>Cancel</Button>} />
      <div className="loading">
        <progress aria-label={stage} {...(total === null ? {} : { value: done, max: Math.max(1, total) })} />
        <p className="small">
          {total === null ? (done === 0 ? '' : count(done)) : `${count(done)} of ${count(total)}`}
        </p>
        <p className="vh" role="status">
          {stage}
          {tenth === null ? '' : `, ${String(tenth)} percent`}
        </p>
      </div>
    </main>
  );
}
