import { serve } from '#engine/protocol/rpc.ts';
import type { Port } from '#engine/protocol/rpc.ts';
import type { WorkerEvent, WorkerMethods } from '#engine/protocol/worker-methods.ts';
import { trainingHandlers } from '#engine/worker/handlers.ts';

/** The training worker: connects the page to the handlers. */
const page: Port = {
  postMessage: (message, transfer) => {
    self.postMessage(message, { transfer });
  },
  addEventListener: (type, listener) => {
    self.addEventListener(type, listener);
  },
  removeEventListener: (type, listener) => {
    self.removeEventListener(type, listener);
  },
};

serve<WorkerMethods, WorkerEvent>(page, trainingHandlers);
