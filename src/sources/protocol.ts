import type { Problem, Result } from '#lib/result.ts';
import type { BuiltinId, Inspection, LoadedDataset, Mapping, NamedFile, PictureOf, SourceProgress } from './source.ts';

/** What can be asked of the sources' worker, and what comes back. */
export interface SourceCalls {
  readonly builtin: {
    readonly request: {
      readonly builtin: BuiltinId;
      readonly count?: number;
      readonly seed?: number;
      readonly datasetsUrl: string;
    };
    readonly reply: Result<LoadedDataset>;
  };
  readonly inspect: { readonly request: { readonly files: readonly NamedFile[] }; readonly reply: Result<Inspection> };
  readonly load: {
    readonly request: { readonly token: string; readonly mapping: Mapping; readonly seed?: number };
    readonly reply: Result<LoadedDataset>;
  };
  readonly picture: {
    readonly request: { readonly of: PictureOf; readonly size: number };
    readonly reply: Result<ImageBitmap | null>;
  };
}
export type SourceMethod = keyof SourceCalls;

/** To the worker. */
export type SourceMessage =
  | {
      readonly [M in SourceMethod]: {
        readonly kind: 'call';
        readonly id: number;
        readonly method: M;
        readonly request: SourceCalls[M]['request'];
      };
    }[SourceMethod]
  | { readonly kind: 'cancel'; readonly id: number };

/** From the worker. Progress is absolute and comes at most ten times a second. */
export type SourceAnswer =
  | { readonly kind: 'progress'; readonly id: number; readonly progress: SourceProgress }
  | { readonly kind: 'reply'; readonly id: number; readonly reply: SourceCalls[SourceMethod]['reply'] }
  | { readonly kind: 'broken'; readonly id: number; readonly problem: Problem };
