import { packBundle, unpackBundle } from '#storage/bundle.ts';
import type { BundleReply, BundleRequest } from '#storage/bundle-files.ts';

function answer(request: BundleRequest): BundleReply {
  switch (request.kind) {
    case 'pack':
      return { kind: 'packed', bytes: packBundle(request.bundle) };
    case 'unpack':
      return { kind: 'unpacked', result: unpackBundle(request.bytes, request.fileName) };
    default:
      return request satisfies never;
  }
}

self.onmessage = (event: MessageEvent<BundleRequest>) => {
  try {
    const reply = answer(event.data);
    self.postMessage(reply, { transfer: reply.kind === 'packed' ? [reply.bytes.buffer] : [] });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    self.postMessage({ kind: 'failed', message } satisfies BundleReply);
  }
};
