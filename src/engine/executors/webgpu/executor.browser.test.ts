import { createWebgpuExecutor } from '#engine/executors/webgpu/executor.ts';
import { describeGpuExecutor } from '#testing/gpu-executor-suite.ts';

describeGpuExecutor('webgpu', createWebgpuExecutor);
