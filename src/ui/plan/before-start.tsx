import type { Plan } from '#engine/model/plan.ts';
import { savePlanFile } from '#store/plan.ts';
import type { LibraryState, PlanState } from '#store/state.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { bytes, count, counted, durationRange } from '#ui/kit/format.ts';
import { Icon } from '#ui/kit/icons.tsx';
import { MembersChart } from './members-chart.tsx';
import { planTime } from './plan-cost.ts';

interface BeforeStartProps {
  readonly plan: Plan;
  readonly costs: PlanState['costs'];
  readonly pace: PlanState['pace'];
  readonly persistence: LibraryState['persistence'];
}

const KEPT: Readonly<Record<LibraryState['persistence'], string | null>> = {
  persistent: 'yes',
  'best-effort': 'not promised',
  memory: 'no',
  unknown: null,
};

/** What the plan comes to: time only where it was measured on this machine, work in any case. */
export function BeforeStart({ plan, costs, pace, persistence }: BeforeStartProps) {
  const time = planTime({ costs, pace });
  const kept = KEPT[persistence];
  return (
    <aside className="side" aria-label="Before you start">
      <section className="cost">
        <h2>Before you start</h2>
        <div>
          {time === null ? (
            <>
              <span className="big">Not timed yet</span>
              <br />
              <span className="small">
                This machine&apos;s pace is measured while the first members train; the time left is shown from then on.
                You can pause and close the tab.
              </span>
            </>
          ) : (
            <>
              <span className="big">{durationRange(time.low, time.high)}</span>
              <br />
              <span className="small">
                {time.ofAnother
                  ? 'Reckoned from another model that was timed on this machine.'
                  : 'At the pace that was measured on this machine.'}{' '}
                You can pause and close the tab.
              </span>
            </>
          )}
        </div>
        <dl className="facts">
          {costs === null ? null : (
            <>
              <dt>Members to train</dt>
              <dd>{count(costs.trained)}</dd>
              <dt>Made from finished ones</dt>
              <dd>{count(costs.made)}</dd>
              <dt>Training steps in all</dt>
              <dd>{count(costs.totalSteps)}</dd>
              <dt>Memory of a worker</dt>
              <dd>{bytes(costs.workerBytes)}</dd>
              <dt>Kept on this device</dt>
              <dd>{bytes(costs.keptBytes)}</dd>
            </>
          )}
          {kept === null ? null : (
            <>
              <dt>Kept if space runs low</dt>
              <dd>
                {kept === 'yes' ? (
                  <span className="okc kept-mark">
                    <Icon name="check" />
                  </span>
                ) : null}
                {kept}
              </dd>
            </>
          )}
        </dl>
      </section>
      <section className="cost">
        <h2>What {counted(plan.members, ['member buys', 'members buy'])}</h2>
        <p className="small">How well a mean over members is known, in units of how much single members differ:</p>
        <MembersChart members={plan.members} />
        <p className="no">members a level. Four times as many halve the interval.</p>
      </section>
      <section>
        <p className="small mute">
          <LinkButton onClick={savePlanFile}>Save plan.json</LinkButton>, every setting of this page in one file
        </p>
      </section>
    </aside>
  );
}
