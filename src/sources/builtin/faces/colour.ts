/** Red, green, blue, each 0 ... 255, not necessarily whole. */
export type Colour = readonly [number, number, number];

/** The colour of "#rrggbb". */
export function hex(text: string): Colour {
  const value = Number.parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** From a (share 0) to b (share 1), straight in sRGB. */
export function mix(a: Colour, b: Colour, share: number): Colour {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

export const BLACK: Colour = [0, 0, 0];
export const WHITE: Colour = [255, 255, 255];

/** The colour at position t of evenly or unevenly spaced stops; the first and last hold beyond the ends. */
export function ramp(stops: readonly (readonly [number, Colour])[], t: number): Colour {
  const next = stops.findIndex(([at]) => at >= t);
  if (next === 0) return stops[0]![1];
  if (next < 0) return stops[stops.length - 1]![1];
  const [fromAt, from] = stops[next - 1]!;
  const [toAt, to] = stops[next]!;
  return mix(from, to, (t - fromAt) / (toAt - fromAt));
}
