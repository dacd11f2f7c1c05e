import { fillPolygon, maskOf, strokeLine, type Mask, type Points, type Raster } from './raster.ts';
import type { Colour } from './colour.ts';

/** A line of straight and curved pieces in the 64 x 64 units of a face, y down. */
export interface Path {
  readonly line: (x: number, y: number) => Path;
  /** A quadratic Bezier piece. */
  readonly bow: (cx: number, cy: number, x: number, y: number) => Path;
  /** A cubic Bezier piece. */
  readonly curve: (ax: number, ay: number, bx: number, by: number, x: number, y: number) => Path;
  readonly points: number[];
}

/** Starts a path; curves are cut into `steps` straight pieces. */
export function pathFrom(steps: number, startX: number, startY: number): Path {
  const points = [startX, startY];
  const path: Path = {
    points,
    line: (x, y) => {
      points.push(x, y);
      return path;
    },
    bow: (cx, cy, x, y) => {
      const px = points[points.length - 2]!;
      const py = points[points.length - 1]!;
      return path.curve(
        px + (2 / 3) * (cx - px),
        py + (2 / 3) * (cy - py),
        x + (2 / 3) * (cx - x),
        y + (2 / 3) * (cy - y),
        x,
        y,
      );
    },
    curve: (ax, ay, bx, by, x, y) => {
      const px = points[points.length - 2]!;
      const py = points[points.length - 1]!;
      for (let i = 1; i <= steps; i++) {
        const t = i / steps;
        const u = 1 - t;
        const p = u * u * u;
        const a = 3 * u * u * t;
        const b = 3 * u * t * t;
        const e = t * t * t;
        points.push(p * px + a * ax + b * bx + e * x, p * py + a * ay + b * by + e * y);
      }
      return path;
    },
  };
  return path;
}

/** Scaled, turned and moved drawing on a raster, in face units. */
export interface Pen {
  readonly from: (x: number, y: number) => Path;
  readonly fill: (path: Path, colour: Colour, alpha?: number, within?: Mask) => void;
  readonly ellipse: (
    x: number,
    y: number,
    rx: number,
    ry: number,
    colour: Colour,
    alpha?: number,
    within?: Mask,
  ) => void;
  readonly stroke: (path: Path, width: number, colour: Colour, alpha?: number) => void;
  readonly mask: (path: Path) => Mask;
}

export interface Placement {
  /** Turn around (32, 36), in radians, clockwise. */
  readonly tilt: number;
  readonly scale: number;
  readonly dx: number;
  readonly dy: number;
}

export const AS_IT_IS: Placement = { tilt: 0, scale: 1, dx: 0, dy: 0 };

const COARSE = 6;
const FINE = 20;
/** The corners of a unit circle of 4 x `steps` straight pieces. */
const unitCircle = (steps: number): Points =>
  Array.from({ length: steps * 4 }, (_, i) => (2 * Math.PI * i) / (steps * 4)).flatMap((angle) => [
    Math.cos(angle),
    Math.sin(angle),
  ]);
const CIRCLES: Readonly<Record<number, Points>> = { [COARSE]: unitCircle(COARSE), [FINE]: unitCircle(FINE) };

export function createPen(raster: Raster, placement: Placement): Pen {
  const unit = raster.size / 64;
  const steps = raster.size <= 64 ? COARSE : FINE;
  const circle = CIRCLES[steps]!;
  const cos = Math.cos(placement.tilt) * placement.scale * unit;
  const sin = Math.sin(placement.tilt) * placement.scale * unit;
  const pixels = (points: Points): number[] => {
    const placed = new Array<number>(points.length);
    for (let i = 0; i < points.length; i += 2) {
      const x = points[i]! - 32;
      const y = points[i + 1]! - 36;
      placed[i] = (32 + placement.dx) * unit + x * cos - y * sin;
      placed[i + 1] = (36 + placement.dy) * unit + x * sin + y * cos;
    }
    return placed;
  };
  return {
    from: (x, y) => pathFrom(steps, x, y),
    fill: (path, colour, alpha, within) => {
      fillPolygon(raster, pixels(path.points), colour, alpha, within);
    },
    ellipse: (x, y, rx, ry, colour, alpha, within) => {
      const points = circle.map((part, i) => (i % 2 === 0 ? x + rx * part : y + ry * part));
      fillPolygon(raster, pixels(points), colour, alpha, within);
    },
    stroke: (path, width, colour, alpha) => {
      strokeLine(raster, pixels(path.points), width * placement.scale * unit, colour, alpha);
    },
    mask: (path) => maskOf(raster, pixels(path.points)),
  };
}
