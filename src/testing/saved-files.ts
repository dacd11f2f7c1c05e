import { vi } from 'vitest';

/** Hears of what the page hands to the browser to save, until mocks are restored: file name to content. For jsdom. */
export function hearSavedFiles(): {
  readonly bytes: (name: string) => Promise<Uint8Array<ArrayBuffer>>;
  readonly text: (name: string) => Promise<string>;
  /** The names so far. */
  readonly names: () => readonly string[];
} {
  const saved = new Map<string, Blob>();
  let last: Blob | null = null;
  const createObjectURL = (blob: Blob): string => {
    last = blob;
    return 'blob:saved';
  };
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL, revokeObjectURL: () => undefined }));
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    if (last !== null) saved.set(this.download, last);
  });
  const bytes = async (name: string): Promise<Uint8Array<ArrayBuffer>> => {
    await vi.waitUntil(() => saved.has(name), { timeout: 5000 });
    return readBlob(saved.get(name)!);
  };
  return { bytes, text: async (name) => new TextDecoder().decode(await bytes(name)), names: () => [...saved.keys()] };
}

function readBlob(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(new Uint8Array(reader.result as ArrayBuffer));
    };
    reader.onerror = () => {
      reject(new Error('unreadable'));
    };
    reader.readAsArrayBuffer(blob);
  });
}
