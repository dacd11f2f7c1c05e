import { createAnalysis } from '#engine/client/analysis.ts';
import { createEngine } from '#engine/client/engine.ts';
import { createLikenessDesks } from '#engine/client/likeness.ts';
import { createPredictor } from '#engine/client/predictor.ts';
import { createScoreDesks } from '#engine/client/scores.ts';
import { createSources } from '#sources/client.ts';
import { createBundleFiles } from '#storage/bundle-files.ts';
import { openRepository } from '#storage/open.ts';
import type { Services } from '#store/services.ts';

/** The one place where engine, analysis, predictor, sources and storage are constructed. Workers start when they are first asked. */
export function createServices(): Services {
  return {
    engine: createEngine(),
    analysis: createAnalysis(),
    predictor: createPredictor(),
    likeness: createLikenessDesks(),
    scores: createScoreDesks(),
    sources: createSources(),
    repository: openRepository(),
    bundleFiles: createBundleFiles(),
  };
}
