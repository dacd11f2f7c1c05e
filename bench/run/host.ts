import type { Workload } from './workload.ts';

export type TrainerName = 'simd' | 'webgpu' | 'webgl' | 'tfjs-stock' | 'pytorch';
export type StockBackend = 'webgpu' | 'webgl' | 'cpu';

/** One trainer with one network: what is opened and then timed slice by slice. */
export interface Task {
  readonly trainer: TrainerName;
  /** Which kernels of `simd`. */
  readonly variant?: 'relaxed' | 'plain';
  /** Which backend of `tfjs-stock`. */
  readonly backend?: StockBackend;
  readonly workload: Workload;
  /** Members that are trained together in one step. */
  readonly members: number;
}

export interface Opened {
  /** What really runs: adapter, module variant, version. */
  readonly detail: string;
  readonly software: boolean;
  /** From the weights to the end of the first step, with the compilation of kernels, without the start of the library. */
  readonly firstStepMs: number;
  /** Memory that the members took, the data not counted, over their number; null where it cannot be known. */
  readonly bytesPerMember: number | null;
}

/** What went to a graphics device: dispatches (WebGL: draw calls), bytes of uploads and read-backs. */
export interface GpuCalls {
  readonly dispatches: number;
  readonly bytes: number;
}

/** An opened trainer. Everything rejects with a sentence where the trainer fails. */
export interface Session {
  readonly opened: Opened;
  /** Trains for about so long, at least one step; gives the milliseconds a step of one or more readings. */
  readonly slice: (ms: number) => Promise<readonly number[]>;
  /** The calls of one step, and those of reading its loss where that is apart. */
  readonly count: () => Promise<{ readonly step: GpuCalls; readonly loss: GpuCalls }>;
  readonly close: () => Promise<void>;
}

/** A place where trainers run, each in a thread or process of its own. */
export interface Host {
  readonly where: 'chromium' | 'node' | 'native' | 'browser';
  /** Rejects with a sentence where the trainer is missing or refuses the network. */
  readonly open: (task: Task) => Promise<Session>;
}
