import { ProblemError, type Result } from '#lib/result.ts';

/** Says how a command ended: text on the output and status 0, or exactly one line on the error output and status 2. */
export function answer(done: Result<string>): number {
  if (done.ok) {
    process.stdout.write(done.value);
    return 0;
  }
  process.stderr.write(`${oneLine(done.problem.message)}\n`);
  return 2;
}

export const oneLine = (message: string): string => message.replace(/\s*[\r\n]+\s*/gu, ' ');

/** Reading files in chunks can only throw; the rest returns its problems. */
export function attempt<T>(work: () => Result<T>): Result<T> {
  try {
    return work();
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problem: error.problem };
    throw error;
  }
}

/** The value of a result; its problem is thrown. */
export function need<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new ProblemError(result.problem);
}
