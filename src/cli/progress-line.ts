const PLAIN_EVERY_MS = 5000;

/** Where progress is shown: one line that is rewritten on a terminal, a plain line now and then elsewhere. */
export interface ProgressLine {
  readonly show: (text: string) => void;
  /** A line that stays. */
  readonly note: (text: string) => void;
}

export function progressLine(stream: NodeJS.WriteStream, now: () => number): ProgressLine {
  let shownAt = now(); // what is over at once needs no progress
  const clear = stream.isTTY ? '\r\u001b[K' : '';
  return {
    show: (text) => {
      if (stream.isTTY) stream.write(`${clear}${text.slice(0, stream.columns - 1)}`);
      else if (now() - shownAt >= PLAIN_EVERY_MS) {
        shownAt = now();
        stream.write(`${text}\n`);
      }
    },
    note: (text) => {
      stream.write(`${clear}${text}\n`);
    },
  };
}

/** Milliseconds in words: "40 s", "12 min", "3 h 20 min". */
export function durationWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `${String(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${String(minutes)} min`;
  return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
}
