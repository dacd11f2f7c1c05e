import type { Steps } from './steps.ts';

const orders = new WeakMap<readonly string[], Uint32Array>();

/** Indices by id as `compareIds` has it. Merge sort in steps; kept as long as the ids are. */
export function* idOrder(ids: readonly string[]): Steps<Uint32Array> {
  const kept = orders.get(ids);
  if (kept) return kept;
  let from = Uint32Array.from(ids, (_, i) => i);
  let to = new Uint32Array(ids.length);
  let work = 0;
  for (let width = 1; width < ids.length; width *= 2) {
    for (let start = 0; start < ids.length; start += 2 * width) {
      const middle = Math.min(start + width, ids.length);
      const end = Math.min(start + 2 * width, ids.length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        const takesLeft = left < middle && (right >= end || compareIds(ids[from[left]!]!, ids[from[right]!]!) <= 0);
        to[at] = takesLeft ? from[left++]! : from[right++]!;
        if (++work % 4096 === 0) yield;
      }
    }
    [from, to] = [to, from];
  }
  orders.set(ids, from);
  return from;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Ids as people order them: runs of digits by their number ("f9" before "f10"), all else by code unit. 0 for the same text. */
export function compareIds(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (isDigit(a.charCodeAt(i)) && isDigit(b.charCodeAt(j))) {
      while (a.charCodeAt(i) === 48) i++;
      while (b.charCodeAt(j) === 48) j++;
      let difference = 0;
      while (isDigit(a.charCodeAt(i)) && isDigit(b.charCodeAt(j))) {
        if (difference === 0) difference = a.charCodeAt(i) - b.charCodeAt(j);
        i++;
        j++;
      }
      if (isDigit(a.charCodeAt(i))) return 1;
      if (isDigit(b.charCodeAt(j))) return -1;
      if (difference !== 0) return difference;
    } else {
      const difference = a.charCodeAt(i) - b.charCodeAt(j);
      if (difference !== 0) return difference;
      i++;
      j++;
    }
  }
  // The rest of one of them, or numbers that differ in leading zeros only.
  return a.length - i - (b.length - j) || (a < b ? -1 : a > b ? 1 : 0);
}
