import { audit } from '#audit/audit.ts';
import { liveCounts } from '#audit/live-counts.ts';
import { reviewerAgreement } from '#audit/reviewers.ts';
import type { AnalysisReply, AnalysisRequest } from '#engine/protocol/analysis.ts';

/** The analysis worker: one question, one answer. */
const answer = (request: AnalysisRequest): AnalysisReply => {
  const { id } = request;
  switch (request.kind) {
    case 'audit':
      return { kind: 'audit', id, result: audit(request.table, request.options) };
    case 'live':
      return { kind: 'live', id, counts: liveCounts(request.table, request.seed) };
    case 'reviewers':
      return { kind: 'reviewers', id, agreement: reviewerAgreement(request.ratings, request.seed) };
    default:
      return request satisfies never;
  }
};

self.onmessage = (event: MessageEvent<AnalysisRequest>) => {
  try {
    self.postMessage(answer(event.data));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    self.postMessage({ kind: 'failed', id: event.data.id, message } satisfies AnalysisReply);
  }
};
