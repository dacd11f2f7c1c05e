/** What the world may refuse: a file, a database, a backend. A programmer's mistake is thrown instead. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** Why something was refused, as a sentence that a person can act on. */
export interface Problem {
  readonly code: string;
  /** One plain sentence. Where a file is meant it names file, row (1 = the header row) and column. */
  readonly message: string;
  readonly file?: string;
  readonly row?: number;
  readonly column?: string;
}

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (code: string, message: string, where: Omit<Problem, 'code' | 'message'> = {}): Result<never> => ({
  ok: false,
  problem: { code, message, ...where },
});

/** A Problem as an Error, for places that can only throw (a promise that crosses a worker). */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}
