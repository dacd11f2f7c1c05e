import { fail, type Result } from '#lib/result.ts';
import type { SourceProgress } from './source.ts';

/** What a long piece of work needs of its surroundings. */
export interface Job {
  readonly signal: AbortSignal;
  /** May be called for every example; whoever listens thins it out. */
  readonly onProgress: (progress: SourceProgress) => void;
  /** Lets messages in, so that a stop can arrive; cheap when called often. */
  readonly rest: () => Promise<void>;
}

export const stopped = (): Result<never> => fail('stopped', 'Loading was stopped.');
