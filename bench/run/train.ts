import { memberCosts } from '#engine/model/costs.ts';
import { median, spread } from '../report/statistics.ts';
import { ratioOf, type Machine, type Ratio, type TrainReport, type TrainRow } from '../report/report.ts';
import type { Host, Task } from './host.ts';
import { timeInTurns, type Entry, type Outcome, type Pace, type Progress } from './rounds.ts';
import {
  CNN,
  CNN_ADAM,
  CNN_GRAY,
  CNN_LARGE_BATCH,
  imageOf,
  MLP,
  nameOf,
  OPTIMIZERS,
  programOf,
  RESNET,
  type Workload,
} from './workload.ts';

/** Where trainers run; PyTorch only where it was found. The first of `own` is what targets are held against. */
export interface TrainHosts {
  readonly own: readonly Host[];
  readonly python: Host | null;
}

export interface TrainOptions {
  readonly quick: boolean;
  readonly progress: Progress;
}

const TARGETS: Readonly<Record<string, number>> = {
  'simd/pytorch cnn-small 1 worker': 1.6,
  'simd/pytorch cnn-small 2 workers': 2.2,
  'simd/pytorch mlp 1 worker': 5,
  'simd/pytorch resnet-8 1 worker': 1,
  'simd/tfjs-stock webgl cnn-small': 100,
};
/** Time of a step with plain SIMD over that with relaxed SIMD. */
const MOST_PLAIN = 1.3;

const FULL: Pace = { rounds: 7, sliceMs: 400, budgetMs: 8000 };
const QUICK: Pace = { rounds: 3, sliceMs: 250, budgetMs: 3000 };
/** Members of a population on a GPU. */
const POPULATION = 8;

interface Measured {
  readonly entry: Entry;
  readonly outcome: Outcome;
}

/** Times a training step of every trainer on the hosts. Takes about six minutes on two cores without a GPU, below 90 s if quick. */
export async function benchTrain(
  machine: Machine,
  hosts: TrainHosts,
  { quick, progress }: TrainOptions,
): Promise<TrainReport> {
  const pace = quick ? QUICK : FULL;
  const rows: TrainRow[] = [];
  const ratios: Record<string, Ratio> = {};
  for (const [title, entries, ratiosOf] of groups(machine, hosts, quick)) {
    const titled: Progress = {
      ...progress,
      say: (sentence) => {
        progress.say(`${title}: ${sentence}`);
      },
    };
    const outcomes = await timeInTurns(entries, pace, titled);
    const measured = entries.map((entry, i): Measured => ({ entry, outcome: outcomes[i]! }));
    rows.push(...measured.map(rowOf));
    Object.assign(ratios, ratiosOf(measured));
  }
  return { machine, rows, ratios };
}

type Group = readonly [
  title: string,
  entries: readonly Entry[],
  ratios: (measured: readonly Measured[]) => Record<string, Ratio>,
];

/** What is timed in turns with what. */
function groups(machine: Machine, hosts: TrainHosts, quick: boolean): readonly Group[] {
  const workloads = quick ? [CNN, MLP, RESNET] : [CNN, CNN_GRAY, CNN_LARGE_BATCH, CNN_ADAM, MLP, RESNET];
  const workers = machine.cores < 2 ? [1] : [1, 2];
  const cpu = workloads.flatMap((workload) => workers.map((count) => cpuGroup(workload, count, hosts)));
  return [...cpu, ...graphicsGroups(machine, hosts, quick)];
}

/** Our kernels, relaxed and plain, and PyTorch. */
function cpuGroup(workload: Workload, workers: number, { own, python }: TrainHosts): Group {
  const simd = own.flatMap((host) =>
    (workers === 1 ? (['relaxed', 'plain'] as const) : (['relaxed'] as const)).map((variant): Entry => {
      return { host, workers, task: { trainer: 'simd', variant, workload, members: 1 } };
    }),
  );
  const theirs: Entry[] =
    python === null ? [] : [{ host: python, workers, task: { trainer: 'pytorch', workload, members: 1 } }];
  const counted = workers === 1 ? '1 worker' : `${String(workers)} workers`;
  return [
    `${nameOf(workload)}, ${counted}`,
    [...simd, ...theirs],
    (measured) => {
      const ratios: Record<string, Ratio> = {};
      const pytorch = roundsOf(measured.find(({ entry }) => entry.task.trainer === 'pytorch'));
      own.forEach((host, i) => {
        const elsewhere = i === 0 ? '' : `, ${host.where}`;
        const of = (variant: Task['variant']): readonly number[] =>
          roundsOf(measured.find(({ entry }) => entry.host === host && entry.task.variant === variant));
        const name = `simd/pytorch ${nameOf(workload)} ${counted}`;
        ratios[name + elsewhere] = ratioOf(of('relaxed'), pytorch, TARGETS[name] ?? null);
        if (workload === CNN && workers === 1)
          ratios[`plain/relaxed time cnn-small${elsewhere}`] = ratioOf(
            of('relaxed'),
            of('plain'),
            MOST_PLAIN,
            'at most',
          );
      });
      return ratios;
    },
  ];
}

/**
 * Stock tfjs and the executors on graphics devices, with our kernels for the CPU beside them. On a software adapter, where
 * a step takes seconds, only the target's network and the smallest one.
 */
function graphicsGroups({ adapters }: Machine, { own }: TrainHosts, quick: boolean): readonly Group[] {
  const [host] = own;
  if (host === undefined) return [];
  const hardware = [adapters.webgpu, adapters.webgl].some((adapter) => adapter?.software === false);
  const workloads = quick ? [CNN] : hardware ? [CNN, MLP, RESNET] : [CNN, MLP];
  const entry = (task: Omit<Task, 'workload' | 'members'>, workload: Workload, members = 1): Entry => ({
    host,
    workers: 1,
    task: { ...task, workload, members },
  });
  return workloads.map((workload): Group => {
    const entries = [
      entry({ trainer: 'simd' }, workload),
      ...(['webgl', 'webgpu'] as const).flatMap((backend) => [
        entry({ trainer: 'tfjs-stock', backend }, workload),
        entry({ trainer: backend }, workload),
        ...(quick && !hardware ? [] : [entry({ trainer: backend }, workload, POPULATION)]),
      ]),
      ...(quick || workload === RESNET ? [] : [entry({ trainer: 'tfjs-stock', backend: 'cpu' }, workload)]),
    ];
    return [
      `${nameOf(workload)}, beside stock tfjs`,
      entries,
      (measured) => {
        const simd = roundsOf(measured.find(({ entry }) => entry.task.trainer === 'simd'));
        const stock = measured.filter(({ entry }) => entry.task.trainer === 'tfjs-stock');
        return Object.fromEntries(
          stock.map((other) => {
            const name = `simd/tfjs-stock ${other.entry.task.backend ?? ''} ${nameOf(workload)}`;
            return [name, ratioOf(simd, roundsOf(other), TARGETS[name] ?? null)];
          }),
        );
      },
    ];
  });
}

function roundsOf(measured: Measured | undefined): readonly number[] {
  return measured?.outcome.ok === true ? measured.outcome.value.rounds : [];
}

function rowOf({ entry: { host, task, workers }, outcome }: Measured): TrainRow {
  const { workload, members, trainer, variant, backend } = task;
  const what = {
    trainer,
    where: host.where,
    ...(variant === undefined ? {} : { variant }),
    ...(backend === undefined ? {} : { backend }),
    model: workload.spec.kind,
    image: imageOf(workload),
    batch: workload.batch,
    optimizer: workload.optimizer,
    workers,
    members,
  };
  if (!outcome.ok)
    return {
      ...what,
      msPerStep: null,
      msPerStepQuartiles: null,
      memberStepsPerSecond: null,
      gflops: null,
      rounds: 0,
      detail: null,
      notAvailable: outcome.reason,
    };
  const { opened, msPerStep, rounds } = outcome.value;
  const memberStepsPerSecond = median(rounds);
  const { macsStep } = memberCosts(programOf(workload), workload.batch, OPTIMIZERS[workload.optimizer]);
  return {
    ...what,
    msPerStep: median(msPerStep),
    msPerStepQuartiles: spread(msPerStep),
    memberStepsPerSecond,
    gflops: (2 * macsStep * memberStepsPerSecond) / 1e9,
    rounds: rounds.length,
    detail: opened.detail,
  };
}
