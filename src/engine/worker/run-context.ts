import type { Executor, Inputs } from '#engine/executors/executor.ts';
import { buildProgram } from '#engine/model/layers.ts';
import type { Plan } from '#engine/model/plan.ts';
import type { StepProgram } from '#engine/model/program.ts';
import type { RunData } from '#engine/protocol/run.ts';
import type { WorkerEvent } from '#engine/protocol/worker-methods.ts';

/** What making a member needs: a plan, an executor that holds the data, and a clock. */
export interface RunContext {
  readonly plan: Plan;
  readonly program: StepProgram;
  readonly executor: Executor;
  readonly trainIndices: Uint32Array;
  readonly auditIndices: Uint32Array;
  readonly inputs: Inputs;
  /** [example] class index. */
  readonly labels: Uint16Array;
  /** Index of the positive class. */
  readonly positive: number;
  /** A monotonic clock in milliseconds; it decides when to report, never what is computed. */
  readonly now: () => number;
}

/** Makes the data resident on the executor. */
export function prepareRun(plan: Plan, data: RunData, executor: Executor, now = () => performance.now()): RunContext {
  executor.load(data.training);
  return {
    plan,
    program: buildProgram(plan.model, data.input, data.classes.length, plan.loss),
    executor,
    trainIndices: data.trainIndices,
    auditIndices: data.auditIndices,
    inputs: data.training.inputs,
    labels: data.training.labels,
    positive: data.classes.indexOf(plan.question.positive),
    now,
  };
}

/** Members being made: the consumer drives, and gives them up with `return()`. */
export type MemberStream = AsyncGenerator<WorkerEvent, void, undefined>;
