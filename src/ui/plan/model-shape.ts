import type { ModelSpec } from '#engine/model/plan.ts';

/** A model as two numbers: how many layers (convolutions, stages, hidden layers), and how wide the first of them is. */
export interface ModelShape {
  readonly depth: number;
  readonly width: number;
}

/** Deeper and wider than any plan may be, so that a slip of the keyboard makes a problem and not a list without end. */
const MOST_DEPTH = 20;
const MOST_WIDTH = 10_000;

export function shapeOf(model: ModelSpec): ModelShape {
  const layers = model.kind === 'mlp' ? model.hidden : model.filters;
  return { depth: layers.length, width: layers[0] ?? 0 };
}

/** The model with another depth and width: filters double from layer to layer, hidden layers are all as wide. */
export function withShape(model: ModelSpec, { depth, width }: ModelShape): ModelSpec {
  const whole = (value: number, most: number): number => Math.min(most, Math.max(0, Math.floor(value)));
  const layers = Array.from({ length: whole(depth, MOST_DEPTH) }, (_, i) =>
    model.kind === 'mlp' ? whole(width, MOST_WIDTH) : whole(width, MOST_WIDTH) * 2 ** i,
  );
  return model.kind === 'mlp' ? { ...model, hidden: layers } : { ...model, filters: layers };
}
