import { useState } from 'react';
import { levelName } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import { removeLevel, usePlan } from '#store/plan.ts';
import { bytes, count, duration } from '#ui/kit/format.ts';
import { Icon, Mark } from '#ui/kit/icons.tsx';
import { levelText } from '#ui/kit/levels.ts';
import { TableTwin } from '#ui/kit/table-twin.tsx';
import { AddLevel } from './add-level.tsx';

interface LevelsProps {
  readonly plan: Plan;
  readonly problem: string | null;
}

/** The levels as chips that can be taken away, a way to add one, and what each costs. The baseline is always there. */
export function Levels({ plan, problem }: LevelsProps) {
  const [adding, setAdding] = useState(false);
  return (
    <section aria-labelledby="levels">
      <div className="sec-head">
        <h2 id="levels">Levels</h2>
        <span className="no">
          each is a crowd of {plan.members}, next to the baseline crowd of {plan.members}
        </span>
      </div>
      <div className="chips">
        <span className="chip still">
          <Mark kind="base" />
          baseline
        </span>
        {plan.levels.map(levelName).map((level) => (
          <button
            key={level}
            type="button"
            className="chip on"
            aria-label={`Remove level ${levelText(level)}`}
            onClick={() => removeLevel(level)}
          >
            {levelText(level)}
            <Icon name="x" />
          </button>
        ))}
        <button type="button" className="chip add" onClick={() => setAdding(true)}>
          + level
        </button>
      </div>
      {problem === null ? null : (
        <div className="field" role="status">
          <span className="problem">
            <Icon name="warn" />
            <span>{problem}</span>
          </span>
        </div>
      )}
      <LevelsCost plan={plan} />
      <AddLevel plan={plan} open={adding} onClose={() => setAdding(false)} />
    </section>
  );
}

/** The cost of each level: the dearest in a sentence, all of them in a table. */
function LevelsCost({ plan }: { readonly plan: Plan }) {
  const { costs, pace } = usePlan();
  if (costs === null) return null;
  const { levels, operations } = costs;
  const total = levels.reduce((sum, level) => sum + level.trained * level.work, 0);
  const timeOf = (share: number): string =>
    pace === null ? '' : share === 0 ? '—' : duration(share * operations * pace.msPerOperation);
  return (
    <div className="small levels-cost">
      A trained level costs {count(plan.members)} members of {count(plan.steps)} steps; int8 that is made from finished
      members takes seconds.{' '}
      <TableTwin
        caption={`What each level costs. Work counts against the training of one baseline member, as reckoned from the operations of a step.${pace === null ? '' : ' Times at the pace that was measured on this machine.'}`}
        columns={[
          { name: 'level' },
          { name: 'members trained', numeric: true },
          { name: 'work of a member', numeric: true },
          { name: 'share of all', numeric: true },
          { name: 'memory a member', numeric: true },
          { name: 'on disk', numeric: true },
          ...(pace === null ? [] : [{ name: 'about', numeric: true }]),
        ]}
        rows={() =>
          levels.map(({ level, trained, work, memberBytes, keptBytes }) => ({
            key: level,
            cells: [
              levelText(level),
              trained === 0 ? '0, made' : count(trained),
              trained === 0 ? '—' : `${work.toFixed(2)} ×`,
              trained === 0 ? '—' : `${((100 * trained * work) / total).toFixed(0)} %`,
              bytes(memberBytes),
              bytes(keptBytes),
              ...(pace === null ? [] : [timeOf((trained * work) / total)]),
            ],
          }))
        }
      />
    </div>
  );
}
