/** Work in steps of about a millisecond: whoever runs it may stop in between. */
export type Steps<T> = Generator<undefined, T, undefined>;
/** So many cheap turns of a loop are a step. */
export const STEP = 16_384;

/** Runs all steps at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
