import type { Analysis } from '#engine/protocol/analysis.ts';
import type { LikenessDesks } from '#engine/protocol/likeness.ts';
import type { Predictor } from '#engine/protocol/prediction.ts';
import type { Engine } from '#engine/protocol/run.ts';
import type { ScoreDesks } from '#engine/protocol/scores.ts';
import type { Sources } from '#sources/source.ts';
import type { BundleFiles } from '#storage/bundle-files.ts';
import type { Repository } from '#storage/repository.ts';

/** What the commands of the stores call. Constructed in `app/` and handed over once. */
export interface Services {
  readonly engine: Engine;
  readonly analysis: Analysis;
  readonly predictor: Predictor;
  readonly likeness: LikenessDesks;
  readonly scores: ScoreDesks;
  readonly sources: Sources;
  readonly repository: Promise<Repository>;
  readonly bundleFiles: BundleFiles;
}

let current: Services | null = null;

export function provideServices(services: Services): void {
  current = services;
}

/** Throws before `provideServices`: a programmer's mistake. */
export function services(): Services {
  if (!current) throw new Error('The services are not provided yet.');
  return current;
}
