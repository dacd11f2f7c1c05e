import { create } from 'zustand';
import { askPersistence } from '#storage/open.ts';
import { services } from './services.ts';
import type { LibraryState } from './state.ts';

export const useLibrary = create<LibraryState>(() => ({
  audits: [],
  persistence: 'unknown',
  opening: null,
  problem: null,
}));

/** Shows why something could not be done. */
export const say = (code: string, error: unknown): void => {
  useLibrary.setState({ problem: { code, message: error instanceof Error ? error.message : String(error) } });
};

/** Reads the list of kept audits again. */
export async function refreshLibrary(): Promise<void> {
  try {
    const repository = await services().repository;
    const audits = await repository.audits();
    useLibrary.setState({
      audits,
      persistence: repository.kind === 'memory' ? 'memory' : useLibrary.getState().persistence,
    });
    if (audits.length > 0 && useLibrary.getState().persistence === 'unknown') {
      useLibrary.setState({ persistence: await askPersistence(repository) });
    }
  } catch (error) {
    say('library', error);
  }
}
