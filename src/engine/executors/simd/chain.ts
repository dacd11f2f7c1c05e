import type { StepProgram } from '#engine/model/program.ts';

/**
 * Whether the chain path runs the program: every operation reads the point before it; first convolutions with bias, max pools
 * and average pools, then dense layers.
 */
export function isChain({ ops }: StepProgram): boolean {
  const firstDense = ops.findIndex((op) => op.kind === 'dense');
  return ops.every((op, i) => {
    if (op.from !== i) return false;
    if (i >= firstDense) return op.kind === 'dense';
    return op.kind === 'maxpool' || op.kind === 'avgpool' || (op.kind === 'conv' && op.bias);
  });
}
