import { parentPort } from 'node:worker_threads';
import { serve, type Port } from '#engine/protocol/rpc.ts';
import { benchHandlers, type BenchMethods } from '../worker/handlers.ts';

/** The thread of Node in which one trainer is timed. A parent port is an event target as workers of a browser are. */
serve<BenchMethods, never>(parentPort as unknown as Port, benchHandlers);
