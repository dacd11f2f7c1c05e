import type { PredictionReply, PredictionRequest } from '#engine/protocol/prediction.ts';
import { chooseBackend } from '#engine/worker/backends.ts';
import { predictMember } from '#engine/worker/member-prediction.ts';

/** The prediction worker: answers one question on the CPU and is then let go. */
self.onmessage = async ({ data: { plan, data, member } }: MessageEvent<PredictionRequest>) => {
  const say = (reply: PredictionReply): void => {
    self.postMessage(reply);
  };
  try {
    const { executor, detail } = await chooseBackend({ only: null, avoid: ['webgpu', 'webgl'], plan });
    const { classes } = await predictMember(executor, plan, data, member);
    say({ kind: 'predicted', classes: classes[0]!, detail });
  } catch (error) {
    say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
};
