import type { AuditResult } from '#audit/result.ts';
import { recomputeEvidence } from '#store/evidence.ts';
import { isTraining, useTraining } from '#store/training-state.ts';
import { Button } from '#ui/kit/button.tsx';
import { words } from './words.ts';

/** In place of what is counted in the background: that it will come, or why it will not. */
export function Pending({ audit: { failure } }: { readonly audit: Pick<AuditResult, 'failure'> }) {
  const isBusy = useTraining(isTraining);
  return (
    <div role="status">
      <p className="small">{failure !== null ? `${words.shallow} ${failure}` : isBusy ? words.later : words.deeper}</p>
      {failure === null ? null : <Button onClick={() => void recomputeEvidence()}>{words.again}</Button>}
    </div>
  );
}
