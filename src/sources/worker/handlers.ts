import { fail, ok, type Problem, type Result } from '#lib/result.ts';
import { COMPAS_FILE, compasDataset } from '#sources/builtin/compas.ts';
import { drawFaces, FACES_COUNT, FACES_SEED } from '#sources/builtin/faces/faces.ts';
import { HANDWRITING_FILES, handwritingDataset } from '#sources/builtin/handwriting.ts';
import { finishDataset } from '#sources/finish.ts';
import { imageDataset, type ImageDecoder } from '#sources/images.ts';
import { inspectFiles, type Held } from '#sources/inspect.ts';
import { stopped, type Job } from '#sources/job.ts';
import type { SourceAnswer, SourceCalls, SourceMessage, SourceMethod } from '#sources/protocol.ts';
import type { LoadedDataset, SourceProgress } from '#sources/source.ts';
import { tableDataset } from '#sources/table.ts';
import type { Pictures } from './pictures.ts';

/** What the handlers need of the browser. */
export interface Surroundings {
  readonly decoder: () => ImageDecoder;
  readonly pictures: Pictures;
  readonly fetchFile: (url: string) => Promise<Response>;
}

export type Send = (answer: SourceAnswer, transfer: Transferable[]) => void;

const PROGRESS_INTERVAL_MS = 100;
const REST_INTERVAL_MS = 40;
const MOST_FACES = 200_000;

/** The sources' side of the protocol: answers every call exactly once, whatever happens. */
export function createSourceHandlers(
  around: Surroundings,
  send: Send,
): { readonly receive: (message: SourceMessage) => void } {
  const running = new Map<number, AbortController>();
  /** Only the last inspection is held; an older token is refused. */
  let held: Held | null = null;
  let inspections = 0;

  const builtin = async (request: SourceCalls['builtin']['request'], job: Job): Promise<Result<LoadedDataset>> => {
    const file = (name: string): Promise<Result<Uint8Array>> => fetchBytes(around, request.datasetsUrl, name, job);
    switch (request.builtin) {
      case 'faces':
        return loadFaces(request.seed ?? FACES_SEED, request.count ?? FACES_COUNT, job);
      case 'compas': {
        const table = await file(COMPAS_FILE);
        return table.ok ? finish(compasDataset(table.value)) : table;
      }
      case 'handwriting': {
        const images = await file(HANDWRITING_FILES[0]);
        const attributes = await file(HANDWRITING_FILES[1]);
        if (!images.ok) return images;
        return attributes.ok ? finish(handwritingDataset(images.value, attributes.value)) : attributes;
      }
      default:
        return request.builtin satisfies never;
    }
  };

  const inspect = async (
    request: SourceCalls['inspect']['request'],
    job: Job,
  ): Promise<SourceCalls['inspect']['reply']> => {
    held = null;
    job.onProgress({ stage: 'Reading the list of files', done: 0, total: null });
    const found = await inspectFiles(request.files, `inspection-${String(++inspections)}`);
    if (job.signal.aborted) return stopped();
    if (!found.ok) return found;
    held = found.value;
    return ok(found.value.inspection);
  };

  const load = async (
    { token, mapping, seed = 1 }: SourceCalls['load']['request'],
    job: Job,
  ): Promise<Result<LoadedDataset>> => {
    if (held?.inspection.token !== token)
      return fail('files-gone', 'These files are no longer at hand. Choose them again.');
    if (mapping.kind !== held.inspection.kind)
      return fail('mapping', `The columns were chosen for ${mapping.kind}, the files hold ${held.inspection.kind}.`);
    if (mapping.kind === 'table') return finish(tableDataset(held.table, mapping, seed), held.files.skipped);
    const { files } = held;
    const images = await imageDataset(held, mapping, seed, around.decoder(), job);
    if (!images.ok) return images;
    const finished = await finish(ok(images.value.dataset), images.value.skipped);
    if (finished.ok) around.pictures.open(finished.value.dataset.hash, files.images);
    return finished;
  };

  // Async, so that whatever is thrown becomes an answer too and never ends the worker.
  const answer = async (
    message: Extract<SourceMessage, { kind: 'call' }>,
    job: Job,
  ): Promise<SourceCalls[SourceMethod]['reply']> => {
    switch (message.method) {
      case 'builtin':
        return builtin(message.request, job);
      case 'inspect':
        return inspect(message.request, job);
      case 'load':
        return load(message.request, job);
      case 'picture':
        return ok(await around.pictures.draw(message.request.of, message.request.size));
      default:
        return message satisfies never;
    }
  };

  return {
    receive: (message) => {
      const { id } = message;
      if (message.kind === 'cancel') {
        running.get(id)?.abort();
        return;
      }
      const controller = new AbortController();
      running.set(id, controller);
      const job = createJob(controller.signal, (progress) => {
        send({ kind: 'progress', id, progress }, []);
      });
      answer(message, job)
        .then(
          (reply) => {
            send({ kind: 'reply', id, reply }, transferOf(reply));
          },
          (error: unknown) => {
            send({ kind: 'broken', id, problem: problemOf(error) }, []);
          },
        )
        .finally(() => running.delete(id));
    },
  };
}

async function loadFaces(seed: number, count: number, job: Job): Promise<Result<LoadedDataset>> {
  if (!Number.isInteger(count) || count < 10 || count > MOST_FACES)
    return fail('faces-count', 'Between 10 and 200,000 faces can be drawn.');
  if (!Number.isSafeInteger(seed) || seed < 0) return fail('faces-seed', 'The seed is a whole number from 0.');
  const faces = drawFaces({ seed, count });
  for (;;) {
    const step = faces.next();
    if (step.done) return finish(ok(step.value));
    if (step.value % 16 !== 0) continue;
    job.onProgress({ stage: 'Drawing faces', done: step.value, total: count });
    await job.rest();
    if (job.signal.aborted) return stopped();
  }
}

async function fetchBytes(around: Surroundings, base: string, name: string, job: Job): Promise<Result<Uint8Array>> {
  const refuse = (why: string): Result<never> =>
    fail('dataset-missing', `${name} could not be loaded: ${why}`, { file: name });
  if (job.signal.aborted) return stopped();
  job.onProgress({ stage: 'Loading the data', done: 0, total: null });
  try {
    const response = await around.fetchFile(new URL(name, base).href);
    if (!response.ok) return refuse(`the server answered ${String(response.status)}.`);
    return ok(new Uint8Array(await response.arrayBuffer()));
  } catch {
    return refuse('is this computer offline?');
  }
}

async function finish(
  made: Result<Parameters<typeof finishDataset>[0]>,
  skipped: LoadedDataset['skipped'] = [],
): Promise<Result<LoadedDataset>> {
  return made.ok ? ok(await finishDataset(made.value, skipped)) : made;
}

function createJob(signal: AbortSignal, report: (progress: SourceProgress) => void): Job {
  let reportedAt = -Infinity;
  let restedAt = performance.now();
  return {
    signal,
    onProgress: (progress) => {
      const now = performance.now();
      if (now - reportedAt < PROGRESS_INTERVAL_MS && progress.done !== progress.total) return;
      reportedAt = now;
      report(progress);
    },
    rest: async () => {
      if (performance.now() - restedAt < REST_INTERVAL_MS) return;
      await new Promise((resume) => setTimeout(resume, 0));
      restedAt = performance.now();
    },
  };
}

/** The arrays of a dataset and the pixels of a picture move to the page instead of being copied. */
function transferOf(reply: SourceCalls[SourceMethod]['reply']): Transferable[] {
  if (!reply.ok) return [];
  const { value } = reply;
  if (value === null) return [];
  if ('token' in value) return [];
  if (!('dataset' in value)) return [value];
  const { features, columns, split } = value.dataset;
  const inputs = features.kind === 'images' ? [features.pixels] : features.numeric.map((column) => column.numbers);
  const arrays = [...inputs, split, ...columns.map((column) => column.codes)];
  return [...new Set(arrays.map((array) => array.buffer))].filter((buffer) => buffer instanceof ArrayBuffer);
}

function problemOf(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RangeError && /alloc|length/iu.test(message)) {
    return { code: 'memory', message: 'There is not enough memory for these data. Choose fewer or smaller images.' };
  }
  return { code: 'internal', message: `Loading failed: ${message}` };
}
