import { interval, intervals, type Interval, type IntervalsJson } from './interval-json.ts';
import type { BiasIntervals, Comparison, Group } from './result.ts';
import type { SliceTable } from './slice-tests.ts';

interface SliceJson {
  readonly group: Group;
  readonly n: number;
  /** Share that are CIE, or accuracy lost; and that over the mean of all examples. */
  readonly mean: number | null;
  readonly meanInterval: Interval;
  readonly ratio: number | null;
  readonly ratioInterval: Interval;
  readonly p: number;
  readonly holm: number;
}
interface SliceTableJson {
  readonly combinations: number;
  readonly minCount: number;
  readonly rows: readonly SliceJson[];
}

/** The part of a comparison that takes resampling or a search. */
export interface DeepJson {
  readonly equalizedOddsBiasIntervals: Readonly<
    Record<string, Readonly<Record<keyof BiasIntervals, IntervalsJson & { readonly value: number | null }>>>
  >;
  readonly slices: { readonly cie: SliceTableJson; readonly loss: SliceTableJson } | null;
  readonly enough: Comparison['enough'];
}

export function deepJson({ equalizedOddsBias, slices, enough }: Comparison): DeepJson {
  const biases = Object.entries(equalizedOddsBias).flatMap(([attribute, { uncertain }]) => {
    if (uncertain === null) return [];
    const side = (name: keyof BiasIntervals) => ({
      value: uncertain[name].both.value,
      ...intervals(uncertain[name]),
    });
    return [
      [attribute, { baseline: side('baseline'), compressed: side('compressed'), change: side('change') }] as const,
    ];
  });
  return {
    equalizedOddsBiasIntervals: Object.fromEntries(biases),
    slices: slices && { cie: sliceTableJson(slices.cie), loss: sliceTableJson(slices.loss) },
    enough,
  };
}

function sliceTableJson({ rows, combinations, minCount }: SliceTable): SliceTableJson {
  return {
    combinations,
    minCount,
    rows: rows.map(({ group, n, mean, ratio, p, holm }) => ({
      group,
      n,
      mean: mean.value,
      meanInterval: interval(mean),
      ratio: ratio.value,
      ratioInterval: interval(ratio),
      p,
      holm,
    })),
  };
}
