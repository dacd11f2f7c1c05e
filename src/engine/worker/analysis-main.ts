import type { AnalysisEvent, AnalysisMethods } from '#engine/protocol/analysis.ts';
import { serve } from '#engine/protocol/rpc.ts';
import { analysisHandlers } from '#engine/worker/analysis.ts';

/** The analysis worker: connects the page to the handlers. */
serve<AnalysisMethods, AnalysisEvent>(self, analysisHandlers);
