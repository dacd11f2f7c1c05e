import { openFiles } from '#store/data.ts';
import type { NamedFile } from '#sources/source.ts';

/** Looks into the chosen files and shows the data screen; nothing for an empty choice. */
export function openFilesAndLook(files: readonly NamedFile[]): void {
  if (files.length === 0) return;
  location.hash = '#/data';
  void openFiles(files);
}
