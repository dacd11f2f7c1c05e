import { useEffect } from 'react';
import type { NamedFile } from '#sources/source.ts';

/** The files of a file input, with their paths inside a chosen folder. */
export function namedFiles(files: Iterable<File>): readonly NamedFile[] {
  return Array.from(files, (file) => ({
    path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
    blob: file,
  }));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

/** Every entry of a folder: a reader hands them out in portions, an empty one is the last. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (portion.length === 0) return all;
    all.push(...portion);
  }
}

async function filesBelow(entry: FileSystemEntry): Promise<readonly NamedFile[]> {
  if (entry.isFile) {
    return [{ path: entry.fullPath.replace(/^\//, ''), blob: await fileOf(entry as FileSystemFileEntry) }];
  }
  const below: NamedFile[] = [];
  for (const child of await entriesOf(entry as FileSystemDirectoryEntry)) below.push(...(await filesBelow(child)));
  return below;
}

/** The files of a drop, folders opened; empty where only text was dropped. Files that cannot be read are left out. */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly NamedFile[]> {
  // The entries must be asked for before the first await: the browser empties the list after the event.
  const entries = Array.from(transfer.items, (item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null));
  const plain = namedFiles(transfer.files);
  const folders = entries.filter((entry) => entry !== null);
  if (folders.length === 0) return plain;
  const found = await Promise.all(folders.map((entry) => filesBelow(entry).catch(() => [])));
  return found.flat();
}

/**
 * Takes files dropped anywhere on the page. Whatever is dropped, and wherever, the browser never leaves the page for it:
 * text goes only into text fields. While not `active`, files are refused but still do not navigate.
 */
export function useFileDrop(onFiles: (files: readonly NamedFile[]) => void, active: boolean): void {
  useEffect(() => {
    const isTextField = (target: EventTarget | null): boolean =>
      target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === 'text');
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent): void => {
      if (!hasFiles(event) && isTextField(event.target)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = active && hasFiles(event) ? 'copy' : 'none';
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event) && isTextField(event.target)) return;
      event.preventDefault();
      if (active && event.dataTransfer !== null) void droppedFiles(event.dataTransfer).then(onFiles);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, [onFiles, active]);
}
