import { parentPort } from 'node:worker_threads';
import { serve } from '#engine/protocol/rpc.ts';
import type { Port } from '#engine/protocol/rpc.ts';
import type { WorkerEvent, WorkerMethods } from '#engine/protocol/worker-methods.ts';
import { trainingHandlers } from '#engine/worker/handlers.ts';

/** A training thread: connects whoever started it to the handlers of the app's training worker. */
if (parentPort === null) throw new Error('This is the entry of a thread.');
const starter = parentPort;
const events = new EventTarget();
starter.on('message', (data: unknown) => events.dispatchEvent(new MessageEvent('message', { data })));
const port: Port = {
  postMessage: (message, transfer) => {
    starter.postMessage(message, transfer as ArrayBuffer[]); // buffers are all that this protocol hands over
  },
  addEventListener: (type, listener) => {
    events.addEventListener(type, listener);
  },
  removeEventListener: (type, listener) => {
    events.removeEventListener(type, listener);
  },
};

serve<WorkerMethods, WorkerEvent>(port, trainingHandlers);
