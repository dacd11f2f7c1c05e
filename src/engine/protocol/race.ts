import type { BackendName, Inputs } from '#engine/executors/executor.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { Shape } from '#engine/model/program.ts';

/** What one backend did in a race. */
export interface Racer {
  readonly backend: BackendName;
  /** How its kernels shared out the work; absent where there is one way. */
  readonly variant?: string;
  /** Steps of one member a second, all its workers together; null: it failed and is out. */
  readonly memberStepsPerSecond: number | null;
}

/** A race between two backends of a device, in each of the ways that they can run, on one program. The faster wins. */
export interface Race {
  /** The program and how it is trained, and the machine, as texts: what the outcome holds for. */
  readonly program: string;
  readonly device: string;
  readonly racers: readonly Racer[];
}

/** What a worker needs for a race, before it has the data. */
export interface RaceCourse {
  readonly plan: Plan;
  readonly input: Shape;
  readonly inputs: Inputs['kind'];
  readonly classes: number;
  /** Members that a GPU will train together. */
  readonly gpuMembers: number;
  /** Workers that a CPU backend will have. */
  readonly cpuWorkers: number;
  /** Earlier races; the outcome of one on the same program and device is taken over. */
  readonly known: readonly Race[];
}

/** What of a plan decides how long a step takes and how much memory, as one text. */
export function programText({
  plan,
  input,
  inputs,
  classes,
}: Omit<RaceCourse, 'gpuMembers' | 'cpuWorkers' | 'known'>): string {
  const { model, loss = 'softmax', batchSize, optimizer, augmentation } = plan;
  return JSON.stringify({ model, loss, input, inputs, classes, batchSize, optimizer: optimizer.kind, augmentation });
}

/** The fastest racer, the first of equal ones; null where all failed. */
export function winnerOf({ racers }: Race): Racer | null {
  const finished = racers.filter(({ memberStepsPerSecond }) => memberStepsPerSecond !== null);
  return finished.reduce<Racer | null>(
    (best, racer) => (best === null || racer.memberStepsPerSecond! > best.memberStepsPerSecond! ? racer : best),
    null,
  );
}
