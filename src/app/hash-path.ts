import { useHashLocation } from 'wouter/use-hash-location';

/** The route of the address without its query: `#/gallery?level=pruned-0.9` is `/gallery`. The gallery reads its own query. */
export function useHashPath(): ReturnType<typeof useHashLocation> {
  const [location, navigate] = useHashLocation();
  return [location.split('?')[0] ?? '/', navigate];
}
