import type { PathStart, ResidentData } from '#engine/executors/simd/member-path.ts';
import * as field from '#engine/executors/simd/fields.ts';
import { stateSlots } from '#engine/executors/simd/member-vectors.ts';

/** Writes into the header of the table at `region` what the kernels of kernels/member.ts read: sizes, loss, optimizer. */
export function writeSettings({ spec, memory, region, decay }: PathStart): void {
  const { program, optimizer, distillation, maskedWeights } = spec;
  const ints = memory.ints().subarray(region / 4, region / 4 + field.HEADER_WORDS);
  const floats = memory.floats().subarray(region / 4, region / 4 + field.HEADER_WORDS);
  ints[field.H_PARAMETERS] = program.parameterCount;
  ints[field.H_OUTPUTS] = program.outputs;
  ints[field.H_LOSS] = program.loss === 'logistic' ? 1 : 0;
  floats[field.H_TEMPERATURE] = distillation?.temperature ?? 1;
  floats[field.H_TEACHER_WEIGHT] = distillation?.weight ?? 0;
  ints[field.H_DECAY] = decay;
  ints[field.H_ZEROED] = maskedWeights === 'zeroed' ? 1 : 0;
  if (optimizer.kind === 'sgd') {
    ints[field.H_OPTIMIZER] = stateSlots(optimizer);
    floats[field.H_BETA1] = optimizer.momentum;
  } else {
    ints[field.H_OPTIMIZER] = 2;
    floats[field.H_BETA1] = optimizer.beta1;
    floats[field.H_BETA2] = optimizer.beta2;
    floats[field.H_REST1] = 1 - optimizer.beta1;
    floats[field.H_REST2] = 1 - optimizer.beta2;
    floats[field.H_EPSILON] = optimizer.epsilon;
  }
}

/** Points the table at the data. */
export function writeData({ memory, region }: Pick<PathStart, 'memory' | 'region'>, data: ResidentData): void {
  const ints = memory.ints().subarray(region / 4, region / 4 + field.HEADER_WORDS);
  ints[field.H_INPUT_KIND] = data.inputKind === 'bytes' ? 0 : 1;
  ints[field.H_INPUTS] = data.inputs;
  ints[field.H_LABELS] = data.labels;
}
