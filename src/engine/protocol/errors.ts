import { ProblemError } from '#lib/result.ts';
import type { Problem } from '#lib/result.ts';

/** An error as plain data. */
export interface WireError {
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  readonly details: Readonly<Record<string, string | number>>;
}

/** An error that was thrown on the other side of a thread, or the news that the other side is gone. */
export class RemoteError extends ProblemError {
  readonly details: WireError['details'];
  constructor(wire: WireError) {
    super({ code: wire.code, message: wire.message });
    this.name = 'RemoteError';
    this.details = wire.details;
  }
}

/** Anything that was thrown, as plain data: a ProblemError keeps its code, everything else is `unexpected`. */
export function toWire(error: unknown): WireError {
  if (error instanceof RemoteError) {
    return { code: error.problem.code, message: error.message, details: error.details };
  }
  if (error instanceof ProblemError) {
    const { code, message, ...details } = error.problem;
    return { code, message, details };
  }
  if (error instanceof Error) {
    return { code: 'unexpected', message: error.message, details: { name: error.name, stack: error.stack ?? '' } };
  }
  return { code: 'unexpected', message: String(error), details: {} };
}

/** The Problem that anything thrown stands for. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const { code, message } = toWire(error);
  return { code, message };
}
