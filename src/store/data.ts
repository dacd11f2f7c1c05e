import { create } from 'zustand';
import type { Dataset, Question } from '#dataset/dataset.ts';
import type { BuiltinId, LoadedDataset, Mapping, NamedFile, SourceProgress } from '#sources/source.ts';
import type { Problem, Result } from '#lib/result.ts';
import { askInPlan, resetPlan } from './plan.ts';
import { services } from './services.ts';
import type { DataState } from './state.ts';

export const useData = create<{ readonly state: DataState }>(() => ({ state: { kind: 'none' } }));
const show = (state: DataState): void => {
  useData.setState({ state });
};

let loading: AbortController | null = null;

/** Runs one load at a time; a new one cancels the one before. */
async function load<T>(
  stage: string,
  work: (options: { onProgress: (progress: SourceProgress) => void; signal: AbortSignal }) => Promise<Result<T>>,
  done: (value: T) => void,
): Promise<void> {
  loading?.abort();
  const controller = new AbortController();
  loading = controller;
  show({ kind: 'loading', progress: { stage, done: 0, total: null } });
  const onProgress = (progress: SourceProgress): void => {
    if (loading === controller) show({ kind: 'loading', progress });
  };
  let problem: Problem | null = null;
  try {
    const result = await work({ onProgress, signal: controller.signal });
    if (loading !== controller) return;
    if (result.ok) done(result.value);
    else problem = result.problem;
  } catch (error) {
    if (loading !== controller) return;
    problem = { code: 'load', message: error instanceof Error ? error.message : String(error) };
  }
  if (problem) show({ kind: 'failed', problem });
}

function ready(loaded: LoadedDataset, question: Question = loaded.dataset.question): void {
  show({ kind: 'ready', loaded, dataset: loaded.dataset, question });
  resetPlan(loaded.dataset, question);
}

/** How many faces the address asks for (`?faces=2000`), for a quicker look; undefined: as many as there are by default. */
function facesOfAddress(): number | undefined {
  const asked = new URLSearchParams(location.search).get('faces');
  return asked === null || !/^\d{1,6}$/u.test(asked) ? undefined : Number(asked);
}

/** Loads or draws a built-in dataset. `count`: how many faces. */
export function chooseBuiltin(id: BuiltinId, count = facesOfAddress()): Promise<void> {
  return load(
    id === 'faces' ? 'Drawing faces' : 'Reading the data',
    (options) => services().sources.builtin(id, { ...options, ...(count === undefined ? {} : { count }) }),
    (loaded) => {
      ready(loaded);
    },
  );
}

/** Looks into files that a person chose; the screen then asks which column is what. */
export function openFiles(files: readonly NamedFile[]): Promise<void> {
  return load(
    'Looking into the files',
    (options) => services().sources.inspect(files, options),
    (inspection) => {
      show({ kind: 'mapping', inspection });
    },
  );
}

export function confirmMapping(mapping: Mapping): Promise<void> {
  const { state } = useData.getState();
  if (state.kind !== 'mapping') return Promise.resolve();
  return load(
    mapping.kind === 'images' ? 'Decoding images' : 'Reading the table',
    (options) => services().sources.load(state.inspection, mapping, options),
    (loaded) => {
      ready(loaded);
    },
  );
}

export function cancelLoading(): void {
  loading?.abort();
  loading = null;
  show({ kind: 'none' });
}

/** Asks another question of the same data; the plan follows. */
export function setQuestion(question: Question): void {
  const { state } = useData.getState();
  if (state.kind !== 'ready') return;
  show({ ...state, question });
  askInPlan(state.dataset, question);
}

/** Puts whole data in the place of small copies of them, if those are still in hand. */
export function replaceCopies(copies: Dataset, dataset: Dataset): void {
  const { state } = useData.getState();
  if (state.kind === 'ready' && state.dataset === copies)
    show({ ...state, dataset, loaded: { ...state.loaded, dataset } });
}

/** Puts back the data of a kept audit. */
export function showDataset(loaded: LoadedDataset, question: Question): void {
  loading?.abort();
  loading = null;
  show({ kind: 'ready', loaded, dataset: loaded.dataset, question });
}
