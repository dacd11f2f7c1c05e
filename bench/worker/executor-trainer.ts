import type { Chunk, Executor, TrainingData } from '#engine/executors/executor.ts';
import { batchOrder } from '#engine/model/batches.ts';
import { shapeSize } from '#engine/model/geometry.ts';
import { initialParameters } from '#engine/model/initial.ts';
import type { StepProgram } from '#engine/model/program.ts';
import { stream } from '#lib/random.ts';
import { ProblemError, type Result } from '#lib/result.ts';
import type { Task } from '../run/host.ts';
import { LEARNING_RATE, OPTIMIZERS, programOf } from '../run/workload.ts';
import { EXAMPLES, type Trainer } from './trainer.ts';

const SEED = 1;
/** Batches that were drawn beforehand: drawing them is not what is timed. */
const BATCHES = 16;

/** One of the app's executors. Rejects with a sentence where it is missing here or refuses the network. */
export async function executorTrainer(task: Task): Promise<Trainer> {
  const { workload, members } = task;
  const program = programOf(workload);
  const executor = await createExecutor(task);
  executor.load(randomData(program));
  const most = executor.maxMembers(program, workload.batch);
  if (members > most)
    throw new Error(
      most === 0 ? 'it does not take this network' : `${String(members)} members do not fit, only ${String(most)}`,
    );
  const batches = drawBatches(members, workload.batch);
  const learningRate = new Float32Array(members).fill(LEARNING_RATE);
  const tf = executor.backend === 'simd' ? null : await import('@tensorflow/tfjs-core');
  let chunk: Chunk | null = null;
  let steps = 0;
  const running = (): Chunk => {
    if (chunk === null) throw new Error('It was not started.');
    return chunk;
  };
  return {
    detail: executor.detail,
    software: executor.software,
    start: () => {
      const parameters = new Float32Array(members * program.parameterCount);
      for (let member = 0; member < members; member++)
        parameters.set(initialParameters(program, SEED, member), member * program.parameterCount);
      const optimizer = OPTIMIZERS[workload.optimizer];
      chunk = executor.createChunk({ program, members, batchSize: workload.batch, optimizer, parameters });
    },
    step: () => {
      running().step(batches[steps++ % BATCHES]!, learningRate);
      return undefined;
    },
    settle: () => running().loss(),
    allocatedBytes: () => (tf === null ? executor.allocated() : deviceBytes(tf.memory())),
    dispose: () => {
      chunk?.dispose();
      executor.dispose();
    },
  };
}

async function createExecutor({ trainer, variant }: Task): Promise<Executor> {
  switch (trainer) {
    case 'simd': {
      const [{ createSimdExecutor }, { chooseVariant }] = await Promise.all([
        import('#engine/executors/simd/executor.ts'),
        import('#engine/executors/simd/module.ts'),
      ]);
      const best = await chooseVariant();
      if (variant === 'relaxed' && best !== 'relaxed') throw new Error('there is no relaxed SIMD here');
      return createSimdExecutor({ variant: variant ?? best });
    }
    case 'webgpu':
      return valueOf(await (await import('#engine/executors/webgpu/executor.ts')).createWebgpuExecutor());
    case 'webgl':
      return valueOf(await (await import('#engine/executors/webgl/executor.ts')).createWebglExecutor());
    case 'tfjs-stock':
    case 'pytorch':
      throw new Error(`${trainer} is not one of the app's executors`);
    default:
      return trainer satisfies never;
  }
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new ProblemError(result.problem);
  return result.value;
}

/** What tfjs has taken from the device, released buffers that it keeps for reuse included. Not in its public type. */
export function deviceBytes(memory: object): number | null {
  const { numBytesAllocatedInGPU, numBytesInGPUAllocated } = memory as Readonly<Record<string, number | undefined>>;
  return numBytesAllocatedInGPU ?? numBytesInGPUAllocated ?? null;
}

/** Random images as bytes; tables as floats. */
function randomData(program: StepProgram): TrainingData {
  const random = stream(SEED, 'data');
  const size = EXAMPLES * shapeSize(program.input);
  const labels = Uint16Array.from({ length: EXAMPLES }, () => random.int(program.classes));
  const isTable = program.input[0] === 1 && program.input[1] === 1;
  return {
    inputs: isTable
      ? { kind: 'floats', data: Float32Array.from({ length: size }, random.normal) }
      : { kind: 'bytes', data: Uint8Array.from({ length: size }, () => random.int(256)) },
    labels,
    examples: EXAMPLES,
  };
}

/** Examples of each batch, [member, batch]. */
function drawBatches(members: number, batch: number): readonly Int32Array[] {
  const all = Uint32Array.from({ length: EXAMPLES }, (_, i) => i);
  const orders = Array.from({ length: members }, (_, member) => batchOrder(SEED, member, all, batch));
  return Array.from({ length: BATCHES }, () => {
    const indices = new Int32Array(members * batch);
    orders.forEach((order, member) => {
      indices.set(order.next(), member * batch);
    });
    return indices;
  });
}
