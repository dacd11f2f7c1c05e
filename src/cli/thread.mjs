/** The first module of every thread here: gives it TypeScript, which threads do not take over from the process. */
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.entry);
