import type { Result } from '#lib/result.ts';
import { packBundle, unpackBundle, type Bundle } from '#storage/bundle.ts';
import type { BundleReply, BundleRequest } from '#storage/bundle-files.ts';
import { readSheet } from './read-sheet.ts';

async function answer(request: BundleRequest): Promise<BundleReply> {
  switch (request.kind) {
    case 'pack':
      return { kind: 'packed', bytes: packBundle(request.bundle) };
    case 'unpack':
      return { kind: 'unpacked', result: await unpack(request.bytes, request.fileName) };
    default:
      return request satisfies never;
  }
}

async function unpack(bytes: Uint8Array, fileName: string): Promise<Result<Bundle>> {
  const unpacked = unpackBundle(bytes, fileName);
  if (!unpacked.ok || unpacked.value.preview === undefined) return unpacked;
  const { preview, ...bundle } = unpacked.value;
  const dataset = await readSheet(preview);
  return { ok: true, value: dataset === null ? bundle : { ...bundle, preview: { ...preview, dataset } } };
}

/** What is large and of no use here any more. */
function handedOver(reply: BundleReply): Transferable[] {
  if (reply.kind === 'packed') return [reply.bytes.buffer];
  if (reply.kind !== 'unpacked' || !reply.result.ok) return [];
  const features = reply.result.value.preview?.dataset.features;
  return features?.kind === 'images' ? [features.pixels.buffer as ArrayBuffer] : [];
}

self.onmessage = (event: MessageEvent<BundleRequest>) => {
  answer(event.data).then(
    (reply) => {
      self.postMessage(reply, { transfer: handedOver(reply) });
    },
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      self.postMessage({ kind: 'failed', message } satisfies BundleReply);
    },
  );
};
