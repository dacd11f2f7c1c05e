import { useCallback, useSyncExternalStore } from 'react';

/** Below this width the forms and filters fold and everything stands in one or two columns, as in the style sheets. */
export const NARROW = '(max-width: 63.9rem)';

/** Whether a media query holds, now and whenever that changes. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', changed);
      return () => {
        list.removeEventListener('change', changed);
      };
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}
