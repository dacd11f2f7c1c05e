import type { Task } from '../run/host.ts';
import { median, pairedRatios, spread } from './statistics.ts';

export interface Adapter {
  readonly name: string;
  readonly software: boolean;
}

/** Where it was measured; null: not there. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly system: string;
  readonly browser: string | null;
  readonly node: string | null;
  readonly torch: string | null;
  readonly adapters: { readonly webgpu: Adapter | null; readonly webgl: Adapter | null };
}

/** A line of the training benchmark. Numbers are null where the trainer is not available, and `notAvailable` says why. */
export interface TrainRow {
  readonly trainer: Task['trainer'];
  readonly where: string;
  /** simd: relaxed or plain; tfjs-stock: its backend. */
  readonly variant?: 'relaxed' | 'plain';
  readonly backend?: string;
  readonly model: string;
  readonly image: string;
  readonly batch: number;
  readonly optimizer: string;
  readonly workers: number;
  /** Members trained together in one step of one worker. */
  readonly members: number;
  /** Median over all readings; one step of `members` members. */
  readonly msPerStep: number | null;
  readonly msPerStepQuartiles: readonly [number, number] | null;
  /** Of all workers together, median over the rounds. */
  readonly memberStepsPerSecond: number | null;
  /** Dense-equivalent arithmetic a second of all workers, two operations a multiply-accumulate. */
  readonly gflops: number | null;
  readonly rounds: number;
  readonly detail: string | null;
  readonly notAvailable?: string;
}

/** What a member-step costs on a graphics device. */
export interface GpuCosts {
  readonly batch: number;
  readonly dispatchesPerMemberStep: number | null;
  readonly bytesPerMemberStep: number | null;
  readonly memberStepsPerSecond: number | null;
  readonly firstStepMs: number | null;
  readonly bytesPerMember: number | null;
  readonly notAvailable?: string;
}

export interface GpuRow extends GpuCosts {
  readonly backend: 'webgpu' | 'webgl';
  readonly model: string;
  readonly members: number;
  readonly adapter: string;
  readonly software: boolean;
  /** tfjs's own layers model of the same network, one member, timed in turns with this row. */
  readonly stock: GpuCosts;
}

/** A ratio; with a target it also says whether the target is met. All null where it could not be measured. */
export interface Ratio {
  readonly value: number | null;
  readonly target: number | null;
  readonly bound: 'at least' | 'at most';
  readonly met: boolean | null;
  readonly quartiles: readonly [number, number] | null;
}

export type Ratios = Readonly<Record<string, Ratio>>;

export interface TrainReport {
  readonly machine: Machine;
  readonly rows: readonly TrainRow[];
  readonly ratios: Ratios;
}
export interface GpuReport {
  readonly machine: Machine;
  readonly adapter: string;
  readonly rows: readonly GpuRow[];
  readonly ratios: Ratios;
}

/**
 * The median of `a / b` over the rounds in which both were measured, held against the target. An empty list or a missing side
 * gives a ratio without value.
 */
export function ratioOf(
  a: readonly number[],
  b: readonly number[],
  target: number | null = null,
  bound: Ratio['bound'] = 'at least',
): Ratio {
  const values = pairedRatios(a, b);
  if (values.length === 0) return { value: null, target, bound, met: null, quartiles: null };
  const value = median(values);
  const met = target === null ? null : bound === 'at least' ? value >= target : value <= target;
  return { value, target, bound, met, quartiles: spread(values) };
}

/** "SwiftShader driver (software)"; "none" where there is no adapter. */
export function adapterName(adapter: Adapter | null): string {
  if (adapter === null) return 'none';
  return adapter.software ? `${adapter.name} (software)` : adapter.name;
}

export function adapterNames({ adapters }: Machine): string {
  return `WebGPU: ${adapterName(adapters.webgpu)}; WebGL: ${adapterName(adapters.webgl)}`;
}
