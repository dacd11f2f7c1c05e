import { memoryKeyValue, openIndexedDb } from './key-value.ts';
import { createRepository, type Repository } from './repository.ts';

/** The repository of this browser; where it gives no database, one that lasts until the tab closes. */
export async function openRepository(): Promise<Repository> {
  try {
    return createRepository(await openIndexedDb());
  } catch {
    return createRepository(memoryKeyValue());
  }
}

/** Asks the browser to keep the data when space runs low, and says what it answered. */
export async function askPersistence(repository: Repository): Promise<'persistent' | 'best-effort' | 'memory'> {
  if (repository.kind === 'memory') return 'memory';
  try {
    return (await navigator.storage.persist()) ? 'persistent' : 'best-effort';
  } catch {
    return 'best-effort';
  }
}
