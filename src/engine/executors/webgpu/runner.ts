import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/base.js';
import type { DeviceProblem } from '#engine/executors/executor.ts';
import { ProblemError } from '#lib/result.ts';

const WORKGROUP = 64;
/** Threads of a team: one workgroup that shares its work and combines the results (see kernels/reduction.ts). */
export const TEAM = 256;
const MOST_WORKGROUPS = 65535;
/** tfjs makes another pipeline for a dispatch of one row: it is given a second, which does nothing. */
const LEAST_ROWS = 2;

/** Inputs bound as single floats or ints instead of vec4. */
export type Elements = 'quads' | 'scalars';

export interface KernelInput {
  readonly array: TensorInfo;
  readonly elements: Elements;
}

/** One dispatch of a WGSL kernel. The code sees `i` (thread of a row), `p` (row), the inputs by name and the uniforms; in a team also `group` (team of a row), `lane` (thread of a team) and `leads` (whether this thread writes its team's result). */
export interface Dispatch {
  /** Names the kernel and everything that is baked into its code. */
  readonly key: string;
  /** The body of the kernel; functions it calls go to `functions`. */
  readonly code: () => string;
  readonly functions?: () => string;
  readonly inputs: Readonly<Record<string, KernelInput>>;
  /** Whether threads work in teams of TEAM. */
  readonly team?: boolean;
  readonly ints: Readonly<Record<string, number>>;
  readonly floats?: Readonly<Record<string, number>>;
  /** Threads of a row and number of rows (members, or members x slices). The kernel itself returns where i is beyond its work. */
  readonly threads: number;
  readonly rows: number;
  /** Quads of a new result, or an array that is written in place. */
  readonly output: number | TensorInfo;
}

/** A kernel input of vec4. */
export const quads = (array: TensorInfo): KernelInput => ({ array, elements: 'quads' });
/** A kernel input of single numbers. */
export const scalars = (array: TensorInfo): KernelInput => ({
  array,
  elements: 'scalars',
});

/**
 * Queues a dispatch through tfjs. tfjs puts ranks, dtypes and broadcast patterns of the shapes into its pipeline key; all
 * inputs are therefore shown to it as one number wide, and a kernel compiles once whatever the number of members. A program
 * object serves once: tfjs appends to its key.
 */
export function dispatch(backend: WebGPUBackend, run: Dispatch): TensorInfo {
  const workgroup = run.team === true ? TEAM : WORKGROUP;
  const groups = Math.ceil(run.threads / workgroup);
  if (groups > MOST_WORKGROUPS || run.rows > MOST_WORKGROUPS)
    throw new ProblemError({
      code: 'gpu-memory' satisfies DeviceProblem,
      message: 'The members together need more threads than WebGPU can dispatch.',
    });
  const names = Object.keys(run.inputs);
  const inputs = Object.values(run.inputs);
  const floats = run.floats ?? {};
  const ints = { ...run.ints, rowCount: run.rows };
  const declared = [...Object.keys(ints).map((n) => `${n} : i32, `), ...Object.keys(floats).map((n) => `${n} : f32, `)];
  const program = {
    shaderKey: `population_${run.key}`,
    variableNames: names,
    variableComponents: inputs.map(({ elements }) => (elements === 'quads' ? 4 : 1)),
    outputComponent: 4,
    outputShape: [typeof run.output === 'number' ? run.output * 4 : 1],
    uniforms: declared.join(''),
    workgroupSize: [workgroup, 1, 1] as [number, number, number],
    dispatchLayout: { x: [0], y: [1] }, // with a y, tfjs calls main without an index
    dispatch: [groups, Math.max(LEAST_ROWS, run.rows), 1] as [number, number, number],
    getUserCode: () =>
      `${run.functions?.() ?? ''}\nfn main() { let i = i32(globalId.x); let p = i32(workgroupId.y);\n${run.team === true ? TEAM_START : THREAD_START}${run.code()}\n}`,
  };
  return backend.runWebGPUProgram(
    program,
    inputs.map(({ array }) => ({ dataId: array.dataId, dtype: array.dtype, shape: [1] })),
    'float32',
    [
      ...Object.values(ints).map((value) => ({ type: 'int32', data: [value] })),
      ...Object.values(floats).map((value) => ({ type: 'float32', data: [value] })),
    ],
    typeof run.output === 'number' ? undefined : run.output,
  );
}

/** A team that has no row works on as all others, for the sake of the barriers, but never writes. */
const TEAM_START = `let group = i32(workgroupId.x); let lane = i32(localId.x);
  let leads = (lane == 0) & (p < uniforms.rowCount);\n`;
const THREAD_START = 'if (p >= uniforms.rowCount) { return; }\n';

/** The expression of a relu of a vec4 variable. WGSL's max may give 0 for what is not a number, and hide that a member has diverged. */
export const relued = (variable: string): string => `select(${variable}, vec4<f32>(0.0), ${variable} < vec4<f32>(0.0))`;

export const LANES = ['x', 'y', 'z', 'w'] as const;

/** Text made of one piece a lane (or pixel) 0 ... count - 1. */
export const each = (count: number, piece: (j: number) => string, separator = '\n'): string =>
  Array.from({ length: count }, (_, j) => piece(j)).join(separator);
