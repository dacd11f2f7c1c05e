/**
 * Moves labels apart. `wanted` are places along an axis, in any order; the answer, in the same order, keeps at least `gap`
 * between neighbours and stays within [low, high] as long as there is room; ties keep the given order. Each run of labels
 * that would overlap is spread around its middle, so that none is moved further than it must.
 */
export function dodge(wanted: readonly number[], gap: number, low: number, high: number): readonly number[] {
  const order = wanted.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at || a.index - b.index);
  const runs: { sum: number; count: number }[] = [];
  const start = ({ sum, count }: { sum: number; count: number }): number => {
    const length = (count - 1) * gap;
    return Math.max(low, Math.min(high - length, sum / count - length / 2));
  };
  for (const { at } of order) {
    let run = { sum: at, count: 1 };
    for (let before = runs.at(-1); before !== undefined; before = runs.at(-1)) {
      if (start(before) + before.count * gap <= start(run)) break;
      runs.pop();
      run = { sum: before.sum + run.sum, count: before.count + run.count };
    }
    runs.push(run);
  }
  const placed = runs.flatMap((run) => Array.from({ length: run.count }, (_, i) => start(run) + i * gap));
  const result = new Array<number>(wanted.length).fill(0);
  order.forEach(({ index }, place) => {
    result[index] = placed[place]!;
  });
  return result;
}
