import type { Colour } from './colour.ts';

/**
 * An antialiased rasteriser for closed polygons and round strokes, in plain arithmetic so that a face is the same bytes on
 * every machine. Polygons: exact signed area per pixel, summed along the row (the method of font-rs). A polygon must not
 * cross itself; holes are not drawn.
 */
export interface Raster {
  readonly size: number; // pixels, square
  readonly rgb: Float32Array; // [y, x, channel], 0 ... 255
  readonly areas: Float32Array; // [y, x], all 0 between two shapes; two more columns than pixels
}

/** Points as x, y, x, y ... in pixels. */
export type Points = readonly number[];

/** Coverage of every pixel, [y, x], [0,1]. */
export type Mask = Float32Array;

/** Coverage below this is not worth painting: the rest of rounding in the sums. */
const LEAST = 0.002;

export function createRaster(size: number, background: Colour): Raster {
  const rgb = new Float32Array(size * size * 3);
  for (let i = 0; i < rgb.length; i += 3) {
    rgb[i] = background[0];
    rgb[i + 1] = background[1];
    rgb[i + 2] = background[2];
  }
  return { size, rgb, areas: new Float32Array(size * (size + 2)) };
}

/** Paints the inside of a closed polygon; `within` limits it to a mask. */
export function fillPolygon(raster: Raster, points: Points, colour: Colour, alpha = 1, within?: Mask): void {
  const { size, areas } = raster;
  const box = addPolygon(raster, points);
  for (let y = box.top; y < box.bottom; y++) {
    const row = y * (size + 2);
    let sum = 0;
    for (let x = box.left; x < box.right; x++) {
      sum += areas[row + x]!;
      const coverage = Math.min(Math.abs(sum), 1) * alpha;
      if (coverage > LEAST) blend(raster, y * size + x, colour, within ? coverage * within[y * size + x]! : coverage);
    }
    areas.fill(0, row + box.left, row + Math.min(box.right, size) + 2);
  }
}

/** The coverage of a closed polygon. */
export function maskOf(raster: Raster, points: Points): Mask {
  const { size, areas } = raster;
  const mask = new Float32Array(size * size);
  const box = addPolygon(raster, points);
  for (let y = box.top; y < box.bottom; y++) {
    const row = y * (size + 2);
    let sum = 0;
    for (let x = box.left; x < box.right; x++) {
      sum += areas[row + x]!;
      mask[y * size + x] = Math.min(Math.abs(sum), 1);
    }
    areas.fill(0, row + box.left, row + Math.min(box.right, size) + 2);
  }
  return mask;
}

/** Paints an open line with round ends and joins, `width` in pixels; lines thinner than a pixel get fainter, not wider. */
export function strokeLine(raster: Raster, points: Points, width: number, colour: Colour, alpha = 1): void {
  const half = width / 2;
  const { size } = raster;
  const box = bounds(points, size, half + 1);
  for (let y = box.top; y < box.bottom; y++) {
    for (let x = box.left; x < box.right; x++) {
      const squared = squaredDistance(points, x + 0.5, y + 0.5);
      if (squared >= (half + 0.5) * (half + 0.5)) continue;
      const coverage = Math.min(half + 0.5 - Math.sqrt(squared), 1, width);
      blend(raster, y * size + x, colour, coverage * alpha);
    }
  }
}

function blend(raster: Raster, pixel: number, colour: Colour, share: number): void {
  const { rgb } = raster;
  const i = pixel * 3;
  rgb[i]! += (colour[0] - rgb[i]!) * share;
  rgb[i + 1]! += (colour[1] - rgb[i + 1]!) * share;
  rgb[i + 2]! += (colour[2] - rgb[i + 2]!) * share;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The pixels that the points touch, widened by a margin and cut to the picture; ends are exclusive. */
function bounds(points: Points, size: number, margin: number): Box {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i]!);
    right = Math.max(right, points[i]!);
    top = Math.min(top, points[i + 1]!);
    bottom = Math.max(bottom, points[i + 1]!);
  }
  return {
    left: Math.min(Math.max(Math.floor(left - margin), 0), size),
    right: Math.min(Math.max(Math.ceil(right + margin), 0), size),
    top: Math.min(Math.max(Math.floor(top - margin), 0), size),
    bottom: Math.min(Math.max(Math.ceil(bottom + margin), 0), size),
  };
}

/** Adds the areas of all edges, the last point joined to the first, and returns the pixels that are touched. */
function addPolygon(raster: Raster, points: Points): Box {
  const last = points.length - 2;
  for (let i = 0, before = last; i <= last; before = i, i += 2) {
    addEdge(raster.areas, raster.size, points[before]!, points[before + 1]!, points[i]!, points[i + 1]!);
  }
  return bounds(points, raster.size, 0);
}

/** Adds what an edge contributes to the area right of it, row by row. */
function addEdge(areas: Float32Array, size: number, ax: number, ay: number, bx: number, by: number): void {
  if (ay === by) return;
  const down = ay < by;
  const x0 = down ? ax : bx;
  const y0 = down ? ay : by;
  const x1 = down ? bx : ax;
  const y1 = down ? by : ay;
  const slope = (x1 - x0) / (y1 - y0);
  const end = Math.min(Math.ceil(y1), size);
  for (let y = Math.max(Math.floor(y0), 0); y < end; y++) {
    const from = Math.max(y, y0);
    const to = Math.min(y + 1, y1);
    const signed = down ? to - from : from - to;
    const here = Math.min(Math.max(x0 + (from - y0) * slope, 0), size);
    const there = Math.min(Math.max(x0 + (to - y0) * slope, 0), size);
    addRow(areas, y * (size + 2), signed, Math.min(here, there), Math.max(here, there));
  }
}

/** Spreads the height `signed` of an edge piece from x = left to right over the pixels of one row. */
function addRow(areas: Float32Array, row: number, signed: number, left: number, right: number): void {
  const first = Math.floor(left);
  const end = Math.ceil(right);
  if (end <= first + 1) {
    const behind = (left + right) / 2 - first; // mean share of the pixel left of the edge
    areas[row + first]! += signed * (1 - behind);
    areas[row + first + 1]! += signed * behind;
    return;
  }
  const perPixel = 1 / (right - left);
  for (let x = first; x < end; x++) {
    const a = Math.max(left, x);
    const b = Math.min(right, x + 1);
    const share = (b - a) * perPixel;
    // The piece that crosses within this pixel covers what lies right of its middle, and every later pixel whole.
    const own = share * (x + 1 - (a + b) / 2);
    areas[row + x]! += signed * own;
    areas[row + x + 1]! += signed * (share - own);
  }
}

function squaredDistance(points: Points, x: number, y: number): number {
  let nearest = Infinity;
  for (let i = 0; i + 3 < points.length; i += 2) {
    const ax = points[i]!;
    const ay = points[i + 1]!;
    const dx = points[i + 2]! - ax;
    const dy = points[i + 3]! - ay;
    const length = dx * dx + dy * dy;
    const t = length > 0 ? Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / length, 0), 1) : 0;
    const ex = x - ax - t * dx;
    const ey = y - ay - t * dy;
    nearest = Math.min(nearest, ex * ex + ey * ey);
  }
  return nearest;
}
