import { levelName, sourceLevel, trainedSpecs } from '#compression/spec.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { MemberKey, RunEvent } from '#engine/protocol/run.ts';
import { keyText } from '#engine/protocol/worker-methods.ts';
import { durationWords } from './progress-line.ts';

/** How far training is, from its events. What is made from a trained member costs no steps. */
export interface TrainingPace {
  readonly hear: (event: RunEvent) => void;
  /** Steps of one member that were trained so far. */
  readonly memberSteps: () => number;
  /** "12 of 60 members, 1,234 member-steps/s, about 3 min left" */
  readonly words: () => string;
}

/** `todo`: the members that are still to be made; `members`: how many there are with those that are done. */
export function trainingPace(plan: Plan, todo: readonly MemberKey[], members: number, now: () => number): TrainingPace {
  const trained = new Set(trainedSpecs(plan.levels).map(levelName));
  const isTrained = ({ level }: MemberKey): boolean => trained.has(level);
  const asked = new Set(['baseline', ...plan.levels.map(levelName)]);
  const sources = new Map(plan.levels.map((spec) => [levelName(spec), sourceLevel(spec)]));
  /** The member whose training this one is, or one that is trained for it only; null: it costs no steps. */
  const trainingOf = (key: MemberKey): MemberKey | null => {
    if (isTrained(key)) return key;
    const source = sources.get(key.level);
    return source && !asked.has(source) ? { level: source, index: key.index } : null;
  };
  const trainings = todo.map(trainingOf).filter((key) => key !== null);
  const planned = new Set(trainings.map(keyText));
  const plannedSteps = planned.size * plan.steps;
  let startedAt: number | null = null;
  let finished = members - todo.length;
  let finishedSteps = 0;
  let running = 0;
  /** Where members in training began here: a member may go on from where an earlier session left it. */
  const began = new Map<string, number>();
  const fromHere = (key: MemberKey, step: number): number => {
    const name = keyText(key);
    if (!began.has(name)) began.set(name, step);
    return step - began.get(name)!;
  };
  return {
    hear: (event) => {
      if (event.kind === 'progress') {
        startedAt ??= now();
        const training = event.training.filter(({ key }) => isTrained(key));
        running = training.reduce((sum, { key, step }) => sum + fromHere(key, step), 0);
      } else if (event.kind === 'member') {
        finished += 1;
        const key = trainingOf(event.result.key);
        if (key === null || !planned.delete(keyText(key))) return;
        const steps = fromHere(key, plan.steps);
        finishedSteps += steps === 0 ? plan.steps : steps;
        running = Math.max(0, running - steps);
      }
    },
    memberSteps: () => finishedSteps + running,
    words: () => {
      const done = `${String(finished)} of ${String(members)} members`;
      const steps = finishedSteps + running;
      const elapsed = startedAt === null ? 0 : now() - startedAt;
      if (steps === 0 || elapsed <= 0) return done;
      const left = ((plannedSteps - steps) * elapsed) / steps;
      const rate = Math.round((steps * 1000) / elapsed).toLocaleString('en');
      return `${done}, ${rate} member-steps/s, about ${durationWords(Math.max(0, left))} left`;
    },
  };
}
