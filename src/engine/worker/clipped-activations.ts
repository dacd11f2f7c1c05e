import type { PointAccount } from '#compression/account.ts';
import { forward, PLAIN_PREDICTION } from '#engine/executors/reference/forward.ts';
import { readInputs } from '#engine/executors/reference/inputs.ts';
import type { StepProgram } from '#engine/model/program.ts';
import type { MemberKey } from '#engine/protocol/run.ts';
import type { RunContext } from '#engine/worker/run-context.ts';

/** More examples than these are not counted. */
const MOST_EXAMPLES = 100;

/**
 * The same accounts with the share of values that lie beyond an end of their grid, by more than half a step: those that
 * the member has in float over the calibration examples, at most the first 100, in the float64 reference. Counted for the first
 * member of a level only, as it is slow: the others keep null. weights: before they are rounded, [parameterCount].
 */
export function countClipped(
  { program, inputs }: { readonly program: StepProgram; readonly inputs: RunContext['inputs'] },
  key: MemberKey,
  weights: Float32Array,
  examples: Int32Array,
  accounts: readonly PointAccount[],
): readonly PointAccount[] {
  if (key.index !== 0) return accounts;
  const clipped = accounts.map(() => 0);
  const values = accounts.map(() => 0);
  const parameters = Float64Array.from(weights);
  for (const example of examples.subarray(0, MOST_EXAMPLES)) {
    const input = readInputs(inputs, program.input, Int32Array.of(example));
    forward(program, parameters, input, PLAIN_PREDICTION).points.forEach((point, i) => {
      const { scale, zeroPoint } = accounts[i]!.grid;
      const [low, high] = [(-128.5 - zeroPoint) * scale, (127.5 - zeroPoint) * scale];
      for (const x of point) if (x < low || x > high) clipped[i]!++;
      values[i]! += point.length;
    });
  }
  return accounts.map((account, i) => ({ ...account, clipped: values[i] === 0 ? null : clipped[i]! / values[i]! }));
}
