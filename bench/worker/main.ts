import { serve, type Port } from '#engine/protocol/rpc.ts';
import { benchHandlers, type BenchMethods } from './handlers.ts';

/** The worker of a page in which one trainer is timed. */
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

serve<BenchMethods, never>(page, benchHandlers);
