import type { Result } from '#lib/result.ts';
import type { Bundle } from './bundle.ts';

/** What the storage worker is asked: one request for each worker, one reply. */
export type BundleRequest =
  | { readonly kind: 'pack'; readonly bundle: Bundle }
  | { readonly kind: 'unpack'; readonly bytes: Uint8Array<ArrayBuffer>; readonly fileName: string };

export type BundleReply =
  | { readonly kind: 'packed'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'unpacked'; readonly result: Result<Bundle> }
  | { readonly kind: 'failed'; readonly message: string };

/** Packs and unpacks audits away from the page's thread: the weights of 60 members take seconds to compress. */
export interface BundleFiles {
  /** As `packBundle`. Rejects where memory runs out. */
  pack(bundle: Bundle): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * As `unpackBundle`. The buffer is handed over and empty afterwards. The data of a preview have their pictures; one whose
   * pictures cannot be read is left out.
   */
  unpack(bytes: Uint8Array<ArrayBuffer>, fileName: string): Promise<Result<Bundle>>;
}

/** Every call has a worker of its own that ends with it, so that nothing of an audit stays in memory twice. */
export function createBundleFiles(): BundleFiles {
  return {
    pack: async (bundle) => {
      const reply = await ask({ kind: 'pack', bundle }, []);
      if (reply.kind !== 'packed') throw new Error(whyNot(reply));
      return reply.bytes;
    },
    unpack: async (bytes, fileName) => {
      const reply = await ask({ kind: 'unpack', bytes, fileName }, [bytes.buffer]);
      if (reply.kind !== 'unpacked') throw new Error(whyNot(reply));
      return reply.result;
    },
  };
}

const whyNot = (reply: BundleReply): string =>
  reply.kind === 'failed' ? reply.message : 'The storage worker answered another question.';

async function ask(request: BundleRequest, transfer: Transferable[]): Promise<BundleReply> {
  const worker = new Worker(new URL('./worker/main.ts', import.meta.url), { type: 'module', name: 'storage' });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<BundleReply>) => {
        resolve(event.data);
      };
      const died = (): void => {
        reject(new Error('The part of the browser that reads and writes audit files stopped. Was it memory?'));
      };
      worker.onerror = died;
      worker.onmessageerror = died;
      worker.postMessage(request, transfer);
    });
  } finally {
    worker.terminate();
  }
}
