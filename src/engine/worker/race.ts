import type { BackendName, Executor } from '#engine/executors/executor.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import { initialParameters } from '#engine/model/initial.ts';
import { buildProgram } from '#engine/model/layers.ts';
import { learningRateAt } from '#engine/model/learning-rate.ts';
import { programText } from '#engine/protocol/race.ts';
import type { Race, RaceCourse, Racer } from '#engine/protocol/race.ts';
import { joined } from '#engine/worker/parts.ts';
import { withTimeLimit } from '#engine/worker/time-limit.ts';
import { stream } from '#lib/random.ts';

/** What all racers may take together; longer only where two steps of each take longer. */
const RACE_MS = 2000;
/** A racer that does not answer for so long is out. */
const PATIENCE_MS = 8000;
/** What the clock of a browser can tell apart. */
const LEAST_MS = 0.1;
const SEED = 20200611;

/** One that takes part, with how many members it trains together and on how many workers. */
interface Starter {
  readonly executor: Executor;
  readonly members: number;
  readonly workers: number;
}

/** The machine as one text: its graphics adapter, how that is used, and how many CPU workers it will have. */
export function deviceText(backend: BackendName, adapter: string, { cpuWorkers }: RaceCourse): string {
  return `${backend}, ${adapter}, ${String(cpuWorkers)} CPU workers`;
}

/**
 * Times real steps of the plan's program, on random examples, on one executor after the other: a first step, which compiles
 * and does not count, then bursts of 1, 2, 4, ... steps as long as the next one fits into the racer's share of the time; the
 * last burst counts. An executor with kernel variants runs once in each, and is left in the last. A CPU executor's pace is
 * multiplied by its workers. One that throws or does not answer is out. The executors' data are replaced.
 */
export async function runRace(
  starters: readonly Starter[],
  course: RaceCourse,
  device: string,
  now: () => number,
): Promise<Race> {
  const racers: Racer[] = [];
  const turns = starters.flatMap((starter): { starter: Starter; racer: Omit<Racer, 'memberStepsPerSecond'> }[] => {
    const { backend, variants } = starter.executor;
    if (variants === undefined) return [{ starter, racer: { backend } }];
    return variants.names.map((variant) => ({ starter, racer: { backend, variant } }));
  });
  for (const { starter, racer } of turns) {
    try {
      if (racer.variant !== undefined) starter.executor.variants?.use(racer.variant);
      const turn = memberStepsPerSecond(starter, course, RACE_MS / turns.length, now);
      const pace = await withTimeLimit(turn, PATIENCE_MS, 'It did not answer.');
      racers.push({ ...racer, memberStepsPerSecond: Number.isFinite(pace) ? pace : null });
    } catch {
      racers.push({ ...racer, memberStepsPerSecond: null });
    }
  }
  return { program: programText(course), device, racers };
}

async function memberStepsPerSecond(
  { executor, members, workers }: Starter,
  { plan, input, inputs: kind, classes }: RaceCourse,
  turnMs: number,
  now: () => number,
): Promise<number> {
  const endsAt = now() + turnMs;
  const { batchSize } = plan;
  const random = stream(SEED, 'race');
  const values = { length: batchSize * shapeSize(input) };
  const data =
    kind === 'bytes' ? Uint8Array.from(values, () => random.int(256)) : Float32Array.from(values, random.normal);
  executor.load({
    inputs: { kind, data } as Parameters<Executor['load']>[0]['inputs'], // of the kind that it was made for
    labels: Uint16Array.from({ length: batchSize }, () => random.int(classes)),
    examples: batchSize,
  });
  const program = buildProgram(plan.model, input, classes, plan.loss);
  const together = Math.max(1, Math.min(members, executor.maxMembers(program, batchSize)));
  const chunk = executor.createChunk({
    program,
    members: together,
    batchSize,
    optimizer: plan.optimizer,
    parameters: joined(Array.from({ length: together }, (_, member) => initialParameters(program, SEED, member))),
  });
  try {
    const batch = Int32Array.from({ length: together * batchSize }, (_, i) => i % batchSize);
    const rate = new Float32Array(together).fill(learningRateAt(plan, 1));
    const time = async (steps: number): Promise<number> => {
      const beganAt = now();
      for (let step = 0; step < steps; step++) chunk.step(batch, rate);
      await chunk.loss();
      return Math.max(LEAST_MS, now() - beganAt);
    };
    await time(1);
    let steps = 1;
    let took = await time(steps);
    for (let next = 2; now() + (next / steps) * took <= endsAt; next *= 2) {
      took = await time(next);
      steps = next;
    }
    return (1000 * workers * together * steps) / took;
  } finally {
    chunk.dispose();
  }
}
