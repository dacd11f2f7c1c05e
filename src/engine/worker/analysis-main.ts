import { quickAudit } from '#audit/audit.ts';
import { depthSteps } from '#audit/depth.ts';
import { liveCounts } from '#audit/live-counts.ts';
import { reviewerAgreement } from '#audit/reviewers.ts';
import { prepareTable } from '#audit/prepared.ts';
import type { AnalysisReply, AnalysisRequest } from '#engine/protocol/analysis.ts';

/** The analysis worker: one question, one answer; an audit has a second one, its depth, which gives way to other questions. */
const say = (reply: AnalysisReply): void => self.postMessage(reply);

let latestAudit = -1;

function fail(id: number, error: unknown): void {
  say({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) });
}

function answerAudit({ id, table, options }: Extract<AnalysisRequest, { kind: 'audit' }>): void {
  latestAudit = id;
  const prepared = prepareTable(table, options);
  const result = quickAudit(prepared);
  say({ kind: 'audit', id, result });
  const steps = depthSteps(prepared, result);
  const goOn = (): void => {
    if (id !== latestAudit) return;
    try {
      const step = steps.next();
      if (step.done === true) say({ kind: 'depth', id, depth: step.value });
      else setTimeout(goOn);
    } catch (error) {
      fail(id, error);
    }
  };
  setTimeout(goOn);
}

self.onmessage = ({ data }: MessageEvent<AnalysisRequest>) => {
  try {
    switch (data.kind) {
      case 'audit':
        answerAudit(data);
        break;
      case 'live':
        say({ kind: 'live', id: data.id, counts: liveCounts(data.table, data.seed) });
        break;
      case 'reviewers':
        say({ kind: 'reviewers', id: data.id, agreement: reviewerAgreement(data.ratings, data.seed) });
        break;
      default:
        data satisfies never;
    }
  } catch (error) {
    fail(data.id, error);
  }
};
