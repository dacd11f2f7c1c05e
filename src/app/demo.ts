import type { BuiltinId } from '#sources/source.ts';

const BUILTINS: readonly BuiltinId[] = ['faces', 'handwriting', 'compas'];

/**
 * The built-in audit that the address asks to start by itself (`?demo=faces`), once: the question is taken out of the
 * address, so that a reload shows what was trained instead of training it again. Null where none is asked for.
 */
export function demoOfAddress(page: Pick<Window, 'location' | 'history'>): BuiltinId | null {
  const url = new URL(page.location.href);
  const asked = url.searchParams.get('demo');
  if (asked === null) return null;
  url.searchParams.delete('demo');
  page.history.replaceState(page.history.state, '', url.href);
  return BUILTINS.find((id) => id === asked) ?? null;
}
