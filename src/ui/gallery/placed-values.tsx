import { useCallback } from 'react';
import type { Dataset } from '#dataset/dataset.ts';
import { placedValues, type Placed } from '#dataset/distribution.ts';
import { rowOf } from '#dataset/describe.ts';
import { percent } from '#ui/kit/format.ts';
import { useSteps } from './use-steps.ts';
import { words } from './words.ts';

const WIDTH = 144;
const HEIGHT = 28;
/** Of a category's values as many are drawn. */
const VALUES = 8;

/** Where the value stands, in words. */
function placeText(placed: Placed): string {
  if (placed.value === null) return words.missing;
  if (placed.kind === 'category') {
    const share = placed.shares.find(({ value }) => value === placed.value)?.share ?? 0;
    return `as in ${percent(share)} of the rows`;
  }
  const { below, equal, least, greatest } = placed;
  const ends = `from ${String(least)} to ${String(greatest)}`;
  return `${percent(below, 0)} are lower, ${percent(1 - below - equal, 0)} higher, ${ends}`;
}

/** Bars of the distribution; the place of the row is marked, and its bar is in ink. */
function Distribution({ placed }: { readonly placed: Placed }) {
  const isNumber = placed.kind === 'number';
  const shares = isNumber ? placed.counts : placed.shares.slice(0, VALUES).map(({ share }) => share);
  const most = Math.max(...shares, Number.MIN_VALUE);
  const width = WIDTH / Math.max(1, isNumber ? shares.length : VALUES);
  let marked: number | null = null;
  if (placed.value !== null) {
    if (isNumber) {
      const span = placed.greatest - placed.least;
      marked = span === 0 ? WIDTH / 2 : (WIDTH * (placed.value - placed.least)) / span;
    } else {
      const place = placed.shares.findIndex(({ value }) => value === placed.value);
      marked = place < VALUES ? width * (place + 0.5) : WIDTH;
    }
  }
  return (
    <svg
      className="plot placed"
      width={WIDTH}
      height={HEIGHT + 8}
      viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT + 8)}`}
      aria-hidden="true"
    >
      {shares.map((share, i) => {
        const height = share === 0 ? 0 : Math.max(1, (HEIGHT * share) / most);
        return (
          <rect key={i} x={i * width + 0.5} width={width - 1} y={HEIGHT - height} height={height} className="wn" />
        );
      })}
      <line x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} className="ax" />
      {marked === null ? null : (
        <>
          <line x1={marked} x2={marked} y1={0} y2={HEIGHT} className="si" />
          <path d={`M${String(marked)} ${String(HEIGHT + 1)}l4 6h-8Z`} className="fi" />
        </>
      )}
    </svg>
  );
}

/** The named values of a row of a table, most unusual first, each against its distribution over all rows. */
export function PlacedValues({ dataset, index }: { readonly dataset: Dataset; readonly index: number }) {
  const make = useCallback(() => placedValues(dataset, index), [dataset, index]);
  const placed = useSteps(make);
  const row = rowOf(dataset, index);
  return (
    <section aria-labelledby="large-values">
      <h3 id="large-values" className="large-title">
        Values, most unusual first
      </h3>
      <table className="tbl placed-values">
        <caption className="vh">Each value of this row against all rows of the data</caption>
        <thead className="vh">
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Value</th>
            <th scope="col">Among all rows</th>
          </tr>
        </thead>
        <tbody>
          {row.map(({ name, value }) => {
            const own = placed?.find((candidate) => candidate.name === name);
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>
                  <b>{value === '' ? words.missing : value}</b>
                </td>
                <td>
                  <div className="placed-cell">
                    {own ? <Distribution placed={own} /> : <span className="placed" />}
                    <span className="mute">{own ? placeText(own) : ''}</span>
                  </div>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
