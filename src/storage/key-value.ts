import { openDB, type IDBPDatabase } from 'idb';

const STORES = [
  'datasets',
  'audits',
  'members',
  'labels',
  'checkpoints',
  'races',
  'limits',
  'probabilities',
  'embeddings',
] as const;
export type StoreName = (typeof STORES)[number];

/** Named stores of records under text keys, immutable but for checkpoints; the little that the repository asks of a database. */
export interface KeyValue {
  readonly kind: 'indexeddb' | 'memory';
  get(store: StoreName, key: string): Promise<unknown>;
  /** Resolves once the record is on disk (strict durability). */
  put(store: StoreName, key: string, value: unknown): Promise<void>;
  /** All of them or none, in one transaction; resolves as `put` does. */
  putAll(store: StoreName, entries: readonly (readonly [key: string, value: unknown])[]): Promise<void>;
  /** Values whose key starts with the prefix, in the order of their keys. */
  list(store: StoreName, prefix: string): Promise<readonly unknown[]>;
  count(store: StoreName, prefix: string): Promise<number>;
  remove(store: StoreName, prefix: string): Promise<void>;
}

/** The name never changes: a new name would orphan what people have kept. */
const DATABASE = 'longtail';
const VERSION = 4; // 2: checkpoints and races; 3: limits; 4: probabilities and embeddings

const within = (prefix: string): IDBKeyRange => IDBKeyRange.bound(prefix, `${prefix}\uffff`);

/**
 * The browser's database. A handle that has died (deleted, closed by the browser) is reopened once. A tab that holds an
 * older schema gives way to a newer one: it closes its handle, and its next write fails with a sentence.
 */
export async function openIndexedDb(): Promise<KeyValue> {
  const open = (): Promise<IDBPDatabase> =>
    openDB(DATABASE, VERSION, {
      upgrade: (db) => {
        for (const store of STORES) if (!db.objectStoreNames.contains(store)) db.createObjectStore(store);
      },
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close();
      },
    });
  let handle = await open();
  const withDb = async <T>(work: (db: IDBPDatabase) => Promise<T>): Promise<T> => {
    try {
      return await work(handle);
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error;
      handle = await open();
      return work(handle);
    }
  };
  return {
    kind: 'indexeddb',
    get: (store, key) => withDb((db) => db.get(store, key)),
    put: (store, key, value) =>
      withDb(async (db) => {
        const transaction = db.transaction(store, 'readwrite', { durability: 'strict' });
        await Promise.all([transaction.store.put(value, key), transaction.done]);
      }),
    putAll: (store, entries) =>
      withDb(async (db) => {
        const transaction = db.transaction(store, 'readwrite', { durability: 'strict' });
        await Promise.all([...entries.map(([key, value]) => transaction.store.put(value, key)), transaction.done]);
      }),
    list: (store, prefix) => withDb((db) => db.getAll(store, within(prefix))),
    count: (store, prefix) => withDb((db) => db.count(store, within(prefix))),
    remove: (store, prefix) => withDb((db) => db.delete(store, within(prefix))),
  };
}

/** Keeps records until the tab closes: for a browser that gives no database (private mode). */
export function memoryKeyValue(): KeyValue {
  const stores = new Map(STORES.map((name) => [name, new Map<string, unknown>()]));
  const matching = (store: StoreName, prefix: string): [string, unknown][] =>
    [...(stores.get(store) ?? [])].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    kind: 'memory',
    get: (store, key) => Promise.resolve(stores.get(store)?.get(key)),
    put: (store, key, value) => {
      stores.get(store)?.set(key, structuredClone(value));
      return Promise.resolve();
    },
    putAll: (store, entries) => {
      for (const [key, value] of entries) stores.get(store)?.set(key, structuredClone(value));
      return Promise.resolve();
    },
    list: (store, prefix) => Promise.resolve(matching(store, prefix).map(([, value]) => value)),
    count: (store, prefix) => Promise.resolve(matching(store, prefix).length),
    remove: (store, prefix) => {
      for (const [key] of matching(store, prefix)) stores.get(store)?.delete(key);
      return Promise.resolve();
    },
  };
}
