/** Arrays of one kind, one after the other; at least one. */
export function joined<T extends Float32Array | Int32Array>(parts: readonly T[]): T {
  const [first] = parts;
  if (first === undefined) throw new Error('A chunk needs at least one member.');
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const all = (first instanceof Int32Array ? new Int32Array(length) : new Float32Array(length)) as T; // the kind of its parts
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The view of member `member` into [member, size]. */
export function partOf(all: Float32Array, member: number, size: number): Float32Array {
  return all.subarray(member * size, (member + 1) * size);
}
