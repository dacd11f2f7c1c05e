import {
  H_BETA1, H_BETA2, H_DECAY, H_EPSILON, H_GRADIENTS, H_LABELS, H_LOSS, H_OPTIMIZER, H_OUTPUTS, H_PARAMETERS, H_REST1, H_REST2,
  H_TEACHER, H_TEACHER_WEIGHT, H_TEMPERATURE, H_ZEROED,
} from '../fields';
import { logisticDistillation, softmaxDistillation } from './distillation';
import { logisticCrossEntropy, softmaxCrossEntropy } from './loss';
import { address, float, int } from './simd';
import { applyMask, updateAdam, updateMomentum, updateSgd } from './update';

/**
 * What a step does to a member however it runs the net: the loss, and the update from the flat gradient. Of the table they read
 * the header only. `member` holds raw | mask | effective | optimizer state, each a parameter vector.
 */

/**
 * Writes the gradient of `scale` x the sum of the losses to d and returns the sum. logits and d: [rows, output], rows `stride`
 * bytes apart; indices: int32 example a row.
 */
export function rowLosses(table: usize, logits: usize, d: usize, stride: usize, indices: usize, rows: i32, scale: f32): f32 {
  const teacher = address(table, H_TEACHER), weight: f32 = teacher ? float(table, H_TEACHER_WEIGHT) : 0;
  const labels = address(table, H_LABELS), outputs = int(table, H_OUTPUTS), temperature = float(table, H_TEMPERATURE);
  const own: f32 = <f32>1 - weight, logistic = int(table, H_LOSS) == 1;
  const loss = logistic
    ? logisticCrossEntropy(logits, d, stride, indices, labels, rows, scale * own)
    : softmaxCrossEntropy(logits, d, stride, indices, labels, rows, outputs, scale * own);
  if (!teacher) return loss;
  const divergence = logistic
    ? logisticDistillation(logits, d, stride, indices, teacher, rows, temperature, scale * weight)
    : softmaxDistillation(logits, d, stride, indices, teacher, rows, outputs, temperature, scale * weight);
  return own * loss + weight * temperature * temperature * divergence;
}

/** The optimizer's step from the gradient at H_GRADIENTS. first, second: Adam's bias corrections 1 - beta^t. */
export function updateMember(table: usize, member: usize, rate: f32, first: f32, second: f32): void {
  const bytes = address(table, H_PARAMETERS) << 2, raw = member, mask = raw + bytes, effective = mask + bytes, state = effective + bytes;
  const gradients = address(table, H_GRADIENTS), decays = address(table, H_DECAY), zeroed = int(table, H_ZEROED);
  const optimizer = int(table, H_OPTIMIZER), beta1 = float(table, H_BETA1);
  if (optimizer == 0) updateSgd(raw, mask, effective, gradients, decays, zeroed, bytes, rate);
  else if (optimizer == 1) updateMomentum(raw, mask, effective, state, gradients, decays, zeroed, bytes, rate, beta1);
  else
    updateAdam(
      raw, mask, effective, state, state + bytes, gradients, decays, zeroed, bytes, rate, beta1, float(table, H_BETA2),
      float(table, H_REST1), float(table, H_REST2), float(table, H_EPSILON), first, second,
    );
}

/** Makes a member's effective weights anew after its raw weights or its mask were replaced. */
export function refresh(table: usize, member: usize): void {
  const bytes = address(table, H_PARAMETERS) << 2;
  applyMask(member, member + bytes, member + bytes * 2, bytes);
}
