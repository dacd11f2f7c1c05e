import { median } from '../report/statistics.ts';
import {
  adapterNames,
  ratioOf,
  type GpuCosts,
  type GpuReport,
  type GpuRow,
  type Machine,
  type Ratio,
} from '../report/report.ts';
import type { GpuCalls, Host, Task } from './host.ts';
import { timeInTurns, type Outcome, type Pace, type Progress } from './rounds.ts';
import { CNN, RESNET, type Workload } from './workload.ts';

const BACKENDS = ['webgpu', 'webgl'] as const;
type Backend = (typeof BACKENDS)[number];

/** Stock tfjs's dispatches a member-step over ours, at the largest population. */
const DISPATCH_TARGETS: Readonly<Record<string, number>> = { 'cnn-small': 150, 'resnet-8': 100 };
const MOST_MEMBERS = 30;
/** Speed a member-step over stock tfjs's on a software adapter, `cnn-small` with eight members. */
const SOFTWARE_SPEED_TARGETS: Readonly<Record<Backend, number>> = { webgpu: 7, webgl: 2.5 };
const SPEED_MEMBERS = 8;

/** Steps between two readings of the loss, over which its cost is shared out. */
const STEPS_PER_LOSS = 10;

const HARDWARE: Pace = { rounds: 5, sliceMs: 400, budgetMs: 20_000 };
const SOFTWARE: Pace = { rounds: 3, sliceMs: 400, budgetMs: 15_000 };
const QUICK: Pace = { rounds: 1, sliceMs: 250, budgetMs: 3000 };

interface Case {
  readonly workload: Workload;
  readonly populations: readonly number[];
}

/**
 * What is measured. Counts do not depend on the batch, so that on a software adapter, where an image costs milliseconds, the
 * large population and the large network take small ones.
 */
function cases(software: boolean, quick: boolean): readonly Case[] {
  const of = (workload: Workload, batch: number, ...populations: readonly number[]): Case => ({
    workload: { ...workload, batch },
    populations,
  });
  if (!software) return [of(CNN, 64, 1, 8, 30), of(RESNET, 64, 1, 8, 30)];
  if (quick) return [of(CNN, 8, 1, 8, 30), of(RESNET, 2, 1, 30)];
  return [of(CNN, 64, 1, 8), of(CNN, 16, 30), of(RESNET, 4, 1, 8, 30)];
}

/** Holds the executors on graphics devices against stock tfjs on the same device. Takes about four minutes on software adapters. */
export async function benchGpu(
  machine: Machine,
  host: Host,
  { quick, progress }: { readonly quick: boolean; readonly progress: Progress },
): Promise<GpuReport> {
  const rows: GpuRow[] = [];
  const ratios: Record<string, Ratio> = {};
  for (const backend of BACKENDS) {
    const adapter = machine.adapters[backend];
    if (adapter === null) continue;
    const pace = quick ? QUICK : adapter.software ? SOFTWARE : HARDWARE;
    for (const { workload, populations } of cases(adapter.software, quick)) {
      const model = workload.spec.kind;
      const titled = {
        ...progress,
        say: (sentence: string) => {
          progress.say(`${model}, ${sentence}`);
        },
      };
      const stockTask: Task = { trainer: 'tfjs-stock', backend, workload, members: 1 };
      const tasks = [stockTask, ...populations.map((members): Task => ({ trainer: backend, workload, members }))];
      const [stock, ...ours] = await measure(host, tasks, pace, titled);
      ours.forEach((measured, i) => {
        const row: GpuRow = {
          backend,
          model,
          members: populations[i]!,
          adapter: adapter.name,
          software: adapter.software,
          ...costsOf(workload, measured),
          stock: costsOf(workload, stock!),
        };
        rows.push(row);
        Object.assign(ratios, ratiosOf(row, measured.outcome, stock!.outcome));
      });
    }
  }
  return { machine, adapter: adapterNames(machine), rows, ratios };
}

interface Measured {
  readonly outcome: Outcome;
  readonly callsPerMemberStep: GpuCalls | null;
}

/** Times the tasks in turns, and counts the calls of a step of each before. */
async function measure(
  host: Host,
  tasks: readonly Task[],
  pace: Pace,
  progress: Progress,
): Promise<readonly Measured[]> {
  const calls: GpuCalls[] = [];
  const entries = tasks.map((task) => ({ host, task, workers: 1 }));
  const outcomes = await timeInTurns(entries, pace, progress, async (session, position) => {
    const { step, loss } = await session.count();
    const perMemberStep = (of: keyof GpuCalls): number =>
      (step[of] + loss[of] / STEPS_PER_LOSS) / tasks[position]!.members;
    calls[position] = { dispatches: perMemberStep('dispatches'), bytes: perMemberStep('bytes') };
  });
  return outcomes.map((outcome, i) => ({ outcome, callsPerMemberStep: calls[i] ?? null }));
}

function costsOf({ batch }: Workload, { outcome, callsPerMemberStep }: Measured): GpuCosts {
  const what = {
    batch,
    dispatchesPerMemberStep: callsPerMemberStep?.dispatches ?? null,
    bytesPerMemberStep: callsPerMemberStep?.bytes ?? null,
  };
  if (!outcome.ok)
    return {
      ...what,
      memberStepsPerSecond: null,
      firstStepMs: null,
      bytesPerMember: null,
      notAvailable: outcome.reason,
    };
  const { firstStepMs, bytesPerMember } = outcome.value.opened;
  return { ...what, memberStepsPerSecond: median(outcome.value.rounds), firstStepMs, bytesPerMember };
}

function ratiosOf(row: GpuRow, ours: Outcome, stock: Outcome): Record<string, Ratio> {
  const { backend, model, members, batch, software } = row;
  const name = `${model} ${String(members)} ${members === 1 ? 'member' : 'members'}`;
  const dispatchTarget = members === MOST_MEMBERS ? (DISPATCH_TARGETS[model] ?? null) : null;
  const isSpeedTarget = software && members === SPEED_MEMBERS && model === 'cnn-small' && batch === CNN.batch;
  const listOf = (count: number | null): readonly number[] => (count === null ? [] : [count]);
  return {
    [`tfjs-stock/${backend} dispatches ${name}`]: ratioOf(
      listOf(row.stock.dispatchesPerMemberStep),
      listOf(row.dispatchesPerMemberStep),
      dispatchTarget,
    ),
    [`${backend}/tfjs-stock speed ${name}`]: ratioOf(
      ours.ok ? ours.value.rounds : [],
      stock.ok ? stock.value.rounds : [],
      isSpeedTarget ? SOFTWARE_SPEED_TARGETS[backend] : null,
    ),
  };
}
