import { createWebglExecutor } from '#engine/executors/webgl/executor.ts';
import { describeGpuExecutor } from '#testing/gpu-executor-suite.ts';

describeGpuExecutor('webgl', createWebglExecutor);
