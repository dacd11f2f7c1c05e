import { readFile } from 'node:fs/promises';
import startSkia from 'canvaskit-wasm';
import { columnOf } from '#dataset/build.ts';
import { fail, type Result } from '#lib/result.ts';
import type { ImageDecoder } from '#sources/images.ts';
import type { SourceCalls, SourceMessage, SourceMethod } from '#sources/protocol.ts';
import type { LoadedDataset, SourceProgress } from '#sources/source.ts';
import { createSourceHandlers } from '#sources/worker/handlers.ts';
import { mappings, type Asked } from './column-choice.ts';
import type { DataArguments } from './data-arguments.ts';
import { filesAt } from './data-files.ts';
import { skiaDecoder } from './image-decoder.ts';

/** Where the files of the built-in data lie. */
const DATASETS = new URL('../../public/datasets/', import.meta.url).href;

export interface ReadOptions {
  /** What the plan asks; null before there is a plan. */
  readonly asked: Asked | null;
  /** The hash that the data must have; '' takes them as they are. */
  readonly hash: string;
  readonly onProgress: (progress: SourceProgress) => void;
  readonly signal: AbortSignal;
}

/** Reads the data by the code of the app. Refuses data of another hash than asked for, saying what may be the reason. */
export async function readData(args: DataArguments, options: ReadOptions): Promise<Result<LoadedDataset>> {
  const call = sources(options);
  const { place, wishes } = args;
  if (place.kind === 'builtin') {
    const request = { builtin: place.id, datasetsUrl: DATASETS, ...(place.faces !== null && { count: place.faces }) };
    const loaded = await call('builtin', request);
    if (!loaded.ok || fits(loaded.value, options.hash)) return loaded;
    return otherData(
      `builtin:${place.id}`,
      loaded.value,
      options.hash,
      'another number of faces, or another version of Longtail?',
    );
  }
  const files = filesAt(place.path);
  if (!files.ok) return files;
  const inspection = await call('inspect', { files: files.value });
  if (!inspection.ok) return inspection;
  const candidates = mappings(inspection.value, wishes, options.asked);
  if (!candidates.ok) return candidates;
  let best: Result<LoadedDataset> | null = null;
  for (const mapping of candidates.value) {
    const loaded = await call('load', { token: inspection.value.token, mapping });
    const hasTarget = loaded.ok && (options.asked === null || columnOf(loaded.value.dataset, options.asked.target));
    if (loaded.ok && hasTarget && fits(loaded.value, options.hash)) return loaded;
    if (best === null || hasTarget) best = loaded;
  }
  if (best?.ok !== true || fits(best.value, options.hash)) return best ?? fail('internal', 'No mapping was tried.');
  const hints =
    'a changed file, or other columns or another image size than the app was told? (--label-column, --split-column, --attribute-columns, --input-columns, --image-column, --image-size)';
  return otherData(place.path, best.value, options.hash, hints);
}

const fits = ({ dataset }: LoadedDataset, hash: string): boolean => hash === '' || dataset.hash === hash;

function otherData(name: string, { dataset }: LoadedDataset, hash: string, why: string): Result<never> {
  return fail(
    'other-data',
    `${name}: these are not the data of the plan (their hash is ${dataset.hash.slice(0, 12)}…, expected ${hash.slice(0, 12)}…): ${why}`,
  );
}

type Call = <M extends SourceMethod>(method: M, request: SourceCalls[M]['request']) => Promise<SourceCalls[M]['reply']>;

/** The sources of the app on this thread. */
function sources({ onProgress, signal }: ReadOptions): Call {
  const waiting = new Map<number, (reply: SourceCalls[SourceMethod]['reply']) => void>();
  const handlers = createSourceHandlers(
    {
      decoder: startedWhenNeeded,
      pictures: { open: () => undefined, draw: () => Promise.resolve(null) },
      fetchFile: async (url) => new Response(await readFile(new URL(url))),
    },
    (answer) => {
      if (answer.kind === 'progress') onProgress(answer.progress);
      else waiting.get(answer.id)?.(answer.kind === 'broken' ? { ok: false, problem: answer.problem } : answer.reply);
    },
  );
  let id = 0;
  signal.addEventListener('abort', () => {
    handlers.receive({ kind: 'cancel', id });
  });
  return <M extends SourceMethod>(method: M, request: SourceCalls[M]['request']) =>
    new Promise((resolve) => {
      id++;
      // A call is answered with the reply of its method, and the signature pairs method and request.
      waiting.set(id, resolve as (reply: SourceCalls[SourceMethod]['reply']) => void);
      handlers.receive({ kind: 'call', id, method, request } as SourceMessage);
    });
}

/** A table needs no decoder, and it takes a moment to start. */
function startedWhenNeeded(): ImageDecoder {
  let decoder: Promise<ImageDecoder> | null = null;
  return {
    remark: null,
    decode: async (...picture) => {
      decoder ??= startSkia().then(skiaDecoder);
      return (await decoder).decode(...picture);
    },
  };
}
