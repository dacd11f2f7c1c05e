/**
 * Bytes as text, chunk by chunk: UTF-8, or UTF-16 where a byte-order mark says so. The mark is removed. Bytes that are not
 * text become U+FFFD, which the CSV reader refuses with row and column.
 */
export function* decodeText(chunks: Iterable<Uint8Array>): Generator<string> {
  let decoder: TextDecoder | null = null;
  let held = new Uint8Array(0);
  for (const chunk of chunks) {
    if (decoder === null) {
      held = joined(held, chunk);
      if (held.length < 2) continue;
      decoder = new TextDecoder(encodingOf(held));
      yield decoder.decode(held, { stream: true });
    } else {
      yield decoder.decode(chunk, { stream: true });
    }
  }
  yield decoder === null ? new TextDecoder().decode(held) : decoder.decode();
}

function encodingOf(start: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
