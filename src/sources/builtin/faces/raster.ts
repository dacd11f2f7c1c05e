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
  readonly squares: Float64Array; // [y, x], scratch of a stroke: squared distance to its line
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
  return { size, rgb, areas: new Float32Array(size * (size + 2)), squares: new Float64Array(size * size) };
}

/** Paints the inside of a closed polygon; `within` limits it to a mask. */
export function fillPolygon(raster: Raster, points: Points, colour: Colour, alpha = 1, within?: Mask): void {
  const { size, areas, rgb } = raster;
  const [red, green, blue] = colour;
  const box = addPolygon(raster, points);
  for (let y = box.top; y < box.bottom; y++) {
    const row = y * (size + 2);
    let sum = 0;
    for (let x = box.left; x < box.right; x++) {
      sum += areas[row + x]!;
      areas[row + x] = 0;
      const coverage = Math.min(Math.abs(sum), 1) * alpha;
      if (coverage <= LEAST) continue;
      const share = within ? coverage * within[y * size + x]! : coverage;
      const i = (y * size + x) * 3;
      rgb[i]! += (red - rgb[i]!) * share;
      rgb[i + 1]! += (green - rgb[i + 1]!) * share;
      rgb[i + 2]! += (blue - rgb[i + 2]!) * share;
    }
    areas[row + box.right] = areas[row + box.right + 1] = 0;
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
      areas[row + x] = 0;
      mask[y * size + x] = Math.min(Math.abs(sum), 1);
    }
    areas[row + box.right] = areas[row + box.right + 1] = 0;
  }
  return mask;
}

/** Paints an open line with round ends and joins, `width` in pixels; lines thinner than a pixel get fainter, not wider. */
export function strokeLine(raster: Raster, points: Points, width: number, colour: Colour, alpha = 1): void {
  const reach = width / 2 + 0.5; // from here on nothing is covered
  const { size, rgb, squares } = raster;
  const [red, green, blue] = colour;
  const box = bounds(points, 0, points.length, size, reach);
  for (let y = box.top; y < box.bottom; y++) squares.fill(reach * reach, y * size + box.left, y * size + box.right);
  for (let i = 0; i + 3 < points.length; i += 2) {
    const piece = bounds(points, i, i + 4, size, reach);
    const ax = points[i]!;
    const ay = points[i + 1]!;
    const dx = points[i + 2]! - ax;
    const dy = points[i + 3]! - ay;
    const length = dx * dx + dy * dy;
    for (let y = piece.top; y < piece.bottom; y++) {
      for (let x = piece.left; x < piece.right; x++) {
        const px = x + 0.5;
        const py = y + 0.5;
        const t = length > 0 ? Math.min(Math.max(((px - ax) * dx + (py - ay) * dy) / length, 0), 1) : 0;
        const ex = px - ax - t * dx;
        const ey = py - ay - t * dy;
        squares[y * size + x] = Math.min(squares[y * size + x]!, ex * ex + ey * ey);
      }
    }
  }
  for (let y = box.top; y < box.bottom; y++) {
    for (let x = box.left; x < box.right; x++) {
      const squared = squares[y * size + x]!;
      if (squared >= reach * reach) continue;
      const share = Math.min(reach - Math.sqrt(squared), 1, width) * alpha;
      const i = (y * size + x) * 3;
      rgb[i]! += (red - rgb[i]!) * share;
      rgb[i + 1]! += (green - rgb[i + 1]!) * share;
      rgb[i + 2]! += (blue - rgb[i + 2]!) * share;
    }
  }
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The pixels that points[first ... end-1] touch, widened by a margin and cut to the picture; ends are exclusive. */
function bounds(points: Points, first: number, end: number, size: number, margin: number): Box {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (let i = first; i < end; i += 2) {
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
  return bounds(points, 0, points.length, raster.size, 0);
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
