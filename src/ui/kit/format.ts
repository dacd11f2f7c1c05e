/** How numbers are written. A number and its unit never break: the space between them is a no-break space. */
const NBSP = '\u00a0';

/** 11986 -> "11,986". */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** A fraction as "14.9" (no sign): 0.1489 -> "14.9". */
export function percentNumber(fraction: number, digits = 1): string {
  return (100 * fraction).toFixed(digits);
}

/** A fraction as "14.9 %". */
export function percent(fraction: number, digits = 1): string {
  return `${percentNumber(fraction, digits)}${NBSP}%`;
}

/** A difference in percent with its sign: 49.54 -> "+49.5 %", -3 -> "−3.0 %". */
export function signedPercent(value: number, digits = 1): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}${NBSP}%`;
}

/** A number in text with a proper minus, and no minus before zero: "-43.5" -> "−43.5", "-0.0" -> "0.0". */
export function properMinus(number: string): string {
  return number.replace(/^-(?=[0.,]*$)/u, '').replace(/^-/u, '−');
}

/** The ends of an interval: "397–433"; with a word between them where one is negative, "−43.5 to 27.0". */
export function range(low: number, high: number, write: (value: number) => string): string {
  const [from, to] = [properMinus(write(low)), properMinus(write(high))];
  return /^[−+]/u.test(from) || /^[−+]/u.test(to) ? `${from} to ${to}` : `${from}–${to}`;
}

/** 20418 -> "20.4 kB"; powers of 1,000. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let scaled = value;
  let unit = 0;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${unit === 0 ? String(Math.round(scaled)) : scaled.toFixed(scaled < 10 ? 1 : 0)}${NBSP}${units[unit]!}`;
}

/** A stretch of time in words a person would use: "40 s", "12 min", "3 h". */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 90) return `${String(Math.max(1, Math.round(seconds)))}${NBSP}s`;
  const minutes = seconds / 60;
  if (minutes < 90) return `${String(Math.round(minutes))}${NBSP}min`;
  const hours = minutes / 60;
  return `${hours < 10 ? hours.toFixed(1) : String(Math.round(hours))}${NBSP}h`;
}

/** A range of times with its unit once where both ends share it: "9 to 12 min". */
export function durationRange(lowMs: number, highMs: number): string {
  const low = duration(lowMs);
  const high = duration(highMs);
  if (low === high) return low;
  const [lowNumber, lowUnit] = low.split(NBSP);
  return high.endsWith(`${NBSP}${lowUnit ?? ''}`) ? `${lowNumber ?? ''} to ${high}` : `${low} to ${high}`;
}

/** "Male", "Male and Young", "Male, Young and Hat"; empty text for none. */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]!}`;
}

/** "1 face", "2 faces". */
export function counted(n: number, [one, many]: readonly [string, string]): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** The text with a capital at its start. */
export function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
