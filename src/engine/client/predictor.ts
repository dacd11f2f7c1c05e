import type { PredictionReply, PredictionRequest, Predictor } from '#engine/protocol/prediction.ts';

/** Every question has a worker of its own that ends with it, so that no data stay in memory twice. */
export function createPredictor(): Predictor {
  return {
    predict: async (request) => {
      const reply = await ask(request);
      if (reply.kind === 'failed') throw new Error(reply.message);
      return reply;
    },
  };
}

async function ask(request: PredictionRequest): Promise<PredictionReply> {
  const worker = new Worker(new URL('../worker/prediction-main.ts', import.meta.url), { type: 'module' });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<PredictionReply>) => {
        resolve(event.data);
      };
      const died = (): void => {
        reject(new Error('The part of the browser that predicts stopped. Was it memory?'));
      };
      worker.onerror = died;
      worker.onmessageerror = died;
      worker.postMessage(request);
    });
  } finally {
    worker.terminate();
  }
}
