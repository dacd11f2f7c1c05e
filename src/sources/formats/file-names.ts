/**
 * A path out of an archive or a folder, made safe: forward slashes, no empty or "." parts. Or the reason why it is refused:
 * an absolute path, a way up, a name of control characters, or one that JavaScript gives a meaning to.
 */
export function safePath(path: string): { readonly path: string } | { readonly refused: string } {
  const slashed = path.replaceAll('\\', '/');
  if (/[\u0000-\u001f\u007f]/u.test(path)) return { refused: 'its name holds control characters' };
  if (slashed.startsWith('/') || /^[a-z]:/iu.test(slashed)) return { refused: 'its name is an absolute path' };
  const parts = slashed.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return { refused: 'its name leads out of the folder' };
  if (parts.includes('__proto__')) return { refused: 'its name is reserved' };
  if (parts.length === 0) return { refused: 'it has no name' };
  if (slashed.length > 1000) return { refused: 'its name is longer than 1,000 characters' };
  return { path: parts.join('/') };
}

/** Files that operating systems leave behind. */
export function isLeftover(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.startsWith('.') || path.startsWith('__MACOSX/') || /^(thumbs\.db|desktop\.ini)$/iu.test(name);
}

export const extensionOf = (path: string): string => /\.([^./]+)$/u.exec(path)?.[1]?.toLowerCase() ?? '';

/** The ways in which a table may name a file: its path, its name, both without extension; lower case. */
export function namesOf(path: string): readonly string[] {
  const lower = path.toLowerCase();
  const base = lower.slice(lower.lastIndexOf('/') + 1);
  const bare = (text: string): string => text.replace(/\.[^./]+$/u, '');
  return [...new Set([lower, bare(lower), base, bare(base)])];
}
