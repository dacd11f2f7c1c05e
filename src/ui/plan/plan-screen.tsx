import './plan.css';
import { useData } from '#store/data.ts';
import { useLibrary } from '#store/library.ts';
import { usePlan } from '#store/plan.ts';
import { startTraining, useTraining } from '#store/training.ts';
import { Button, ButtonLink } from '#ui/kit/button.tsx';
import { Empty } from '#ui/kit/empty.tsx';
import { list } from '#ui/kit/format.ts';
import { Note } from '#ui/kit/note.tsx';
import { PageHead } from '#ui/kit/page-head.tsx';
import { BeforeStart } from './before-start.tsx';
import { Levels } from './levels.tsx';
import { MemberForm } from './member-form.tsx';
import { Presets } from './presets.tsx';
import { ScheduleChart } from './schedule-chart.tsx';

/** The plan stage: what to train and how hard to compress it, with what it comes to before it starts. */
export function PlanScreen() {
  const { plan, preset, problems, costs, pace } = usePlan();
  const data = useData((store) => store.state);
  const persistence = useLibrary((store) => store.persistence);
  const status = useTraining((store) => store.status);
  if (plan === null) {
    return (
      <Empty
        title="The plan comes after the data"
        action={
          <ButtonLink primary href="#/data">
            Choose data
          </ButtonLink>
        }
      >
        Once data are chosen, this page sets what is trained on them and how hard it is compressed.
      </Empty>
    );
  }
  const problemOf = (field: (typeof problems)[number]['field']): string | null =>
    problems.find((problem) => problem.field === field)?.message ?? null;
  const general = problems.filter(
    ({ field }) => field === 'dataset' || field === 'question' || field === 'schemaVersion',
  );
  const busy = status === 'starting' || status === 'running' || status === 'paused';
  const noun = data.kind === 'ready' ? data.dataset.noun : (['example', 'examples'] as const);
  const blocked = busy
    ? 'A run is in hand. Stop it first, in Training.'
    : (problems[0]?.message ?? (data.kind === 'ready' ? null : 'The data of this plan are not open.'));
  const start = (): void => {
    location.hash = '#/training';
    void startTraining();
  };
  return (
    <main className="page">
      <PageHead
        over={
          <>
            Predict <b>{plan.question.target}</b>
            {plan.question.attributes.length === 0 ? '' : ', compare by '}
            <b>{list(plan.question.attributes)}</b>
          </>
        }
        title="What to train, and how hard to compress it"
        action={
          <Button primary onClick={start} disabledReason={blocked}>
            Start training
          </Button>
        }
      />
      <div className="two" style={{ paddingTop: 24 }}>
        <div className="plan-main">
          {busy ? (
            <Note
              fact="A run is in hand."
              action={
                <a className="lnk" href="#/training">
                  Go to the training
                </a>
              }
            >
              What you change here is for the next one.
            </Note>
          ) : null}
          <Presets preset={preset} />
          {general.map((problem) => (
            <Note key={problem.field} tone="warn" fact={problem.message} live />
          ))}
          <MemberForm plan={plan} noun={noun} />
          <Levels plan={plan} problem={problemOf('levels')} />
          <ScheduleChart plan={plan} />
        </div>
        <BeforeStart plan={plan} costs={costs} pace={pace} persistence={persistence} />
      </div>
    </main>
  );
}
