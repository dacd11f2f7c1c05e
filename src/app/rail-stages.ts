import type { StageState } from '#ui/kit/icons.tsx';
import type { RailStage } from '#ui/kit/rail.tsx';
import { count, counted } from '#ui/kit/format.ts';
import type { DataState, EvidenceState, LabelsState, PlanState, TrainingState } from '#store/state.ts';

export interface RailFacts {
  readonly data: DataState;
  readonly plan: Pick<PlanState, 'plan' | 'preset'>;
  readonly training: Pick<TrainingState, 'status' | 'done' | 'planned'>;
  readonly evidence: EvidenceState;
  readonly labels: Pick<LabelsState, 'current'>;
}

const PRESET_NAMES = { 'one-minute': 'one minute', 'class-hour': 'class hour', paper: 'as in the paper' } as const;
const LATER = 'after training';

/** What the rail says of each stage: its state and one fact. */
export function railStages(
  { data, plan, training, evidence, labels }: RailFacts,
  current: string,
): readonly RailStage[] {
  const started = training.status !== 'idle';
  const stage = (id: string, name: string, state: StageState, fact: string): RailStage => ({ id, name, state, fact });
  const beingSet = (id: string, otherwise: StageState): StageState => (current === id ? 'now' : otherwise);
  return [
    stage(
      'data',
      'Data',
      data.kind === 'ready' ? (started ? 'done' : beingSet('data', 'done')) : beingSet('data', 'todo'),
      dataFact(data),
    ),
    stage(
      'plan',
      'Plan',
      started ? 'done' : plan.plan === null ? 'todo' : beingSet('plan', 'todo'),
      planFact(plan, started),
    ),
    stage('training', 'Training', trainingState(training.status), trainingFact(training)),
    ...(evidence.kind === 'ready'
      ? [
          stage(
            'evidence',
            'Evidence',
            'open',
            evidence.complete
              ? counted(evidence.audit.comparisons.length, ['level', 'levels'])
              : `early, ${counted(evidence.audit.baseline.members, ['member', 'members'])}`,
          ),
          stage('gallery', 'Gallery', 'open', `${count(evidence.audit.examples)} ranked`),
          stage(
            'report',
            'Report',
            'open',
            labels.current.size === 0 ? 'when you like' : counted(labels.current.size, ['label', 'labels']),
          ),
        ]
      : [
          stage('evidence', 'Evidence', 'todo', LATER),
          stage('gallery', 'Gallery', 'todo', LATER),
          stage('report', 'Report', 'todo', LATER),
        ]),
  ];
}

function dataFact(data: DataState): string {
  switch (data.kind) {
    case 'none':
      return 'not chosen';
    case 'loading':
      return 'loading';
    case 'mapping':
      return 'columns to choose';
    case 'failed':
      return 'could not be read';
    case 'ready':
      return counted(data.dataset.ids.length, data.dataset.noun);
    default:
      return data satisfies never;
  }
}

function planFact({ plan, preset }: RailFacts['plan'], started: boolean): string {
  if (plan === null) return 'after data';
  if (started) return `${String(1 + plan.levels.length)} × ${String(plan.members)} members`;
  return preset === null ? 'your own' : PRESET_NAMES[preset];
}

function trainingState(status: TrainingState['status']): StageState {
  switch (status) {
    case 'idle':
      return 'todo';
    case 'done':
      return 'done';
    case 'starting':
    case 'running':
      return 'running';
    case 'paused':
    case 'stopped':
    case 'failed':
      return 'open';
    default:
      return status satisfies never;
  }
}

function trainingFact({ status, done, planned }: RailFacts['training']): string {
  if (status === 'idle') return 'not started';
  if (status === 'failed') return 'failed';
  return `${count(done)} of ${count(planned)}${status === 'paused' ? ', paused' : ''}`;
}
