import type { Plan } from '#engine/model/plan.ts';
import { learningRates } from '#store/plan.ts';
import { count } from '#ui/kit/format.ts';

const WIDTH = 152;
const HEIGHT = 36;
const TOP = 4;
const BOTTOM = 32;
const POINTS = 153;

/** The learning rate over the steps of a run, as a line without numbers: they stand in the fields beside it. */
export function RateCurve({ plan }: { readonly plan: Plan }) {
  if (!Number.isInteger(plan.steps) || plan.steps < 1 || !(plan.learningRate > 0)) return null;
  const rates = learningRates(plan, POINTS);
  const most = Math.max(...rates);
  if (!Number.isFinite(most) || most <= 0) return null;
  const at = (rate: number): number => BOTTOM - ((BOTTOM - TOP) * rate) / most;
  const line = rates.map((rate, i) => `${String((WIDTH * i) / (POINTS - 1))} ${at(rate).toFixed(1)}`).join('L');
  const written = (rate: number | undefined): string => String(Number((rate ?? 0).toPrecision(2)));
  return (
    <svg
      className="plot rate"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
      role="img"
      aria-label={`Learning rate: ${written(rates[0])} at step 1, ${written(most)} at most, ${written(rates.at(-1))} at step ${count(plan.steps)}`}
    >
      <line x1={0} x2={WIDTH} y1={BOTTOM} y2={BOTTOM} className="ax" />
      <path d={`M${line}`} className="si" strokeWidth={1.6} />
    </svg>
  );
}
