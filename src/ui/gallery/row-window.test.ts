import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bringIn, rowsInSight, scrolledHeight, scrolledTo, type Roll, type Standing } from './row-window.ts';

const START: Standing = { scrollTop: 0, offset: 0 };
const short: Roll = { rows: 100, pitch: 280, frame: 700 };
const folded: Roll = { rows: 200_000, pitch: 280, frame: 700 };
const top = ({ scrollTop, offset }: Standing): number => scrollTop + offset;
const most = (roll: Roll): number => scrolledHeight(roll) - roll.frame;

describe('a list of rows', () => {
  it('scrolls as it is while it is short', () => {
    expect(scrolledHeight(short)).toBe(28_000);
    expect(scrolledTo(short, START, 5000)).toEqual({ scrollTop: 5000, offset: 0 });
    expect(rowsInSight(short, { scrollTop: 5000, offset: 0 }, 2)).toEqual([15, 23]);
    expect(rowsInSight({ ...short, rows: 0 }, START, 2)).toEqual([0, 0]);
  });

  it('stays below what browsers can draw, and still reaches the last row by a leap and by small steps', () => {
    expect(scrolledHeight(folded)).toBeLessThan(16_000_000);
    const end = scrolledTo(folded, START, most(folded));
    expect(rowsInSight(folded, end, 0)[1]).toBe(folded.rows);
    let standing = scrolledTo(folded, START, most(folded) - 2000);
    for (let at = most(folded) - 2000; at <= most(folded); at += 50) standing = scrolledTo(folded, standing, at);
    expect(rowsInSight(folded, standing, 0)[1]).toBe(folded.rows);
    expect(top(scrolledTo(folded, end, 0))).toBe(0);
  });

  it('moves by as much as a person scrolls, folded or not', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(short, folded),
        fc.nat(10_000),
        fc.integer({ min: -600, max: 600 }),
        (roll, at, by) => {
          const from = scrolledTo(roll, START, 1000 + at);
          const to = scrolledTo(roll, from, from.scrollTop + by);
          expect(top(to) - top(from)).toBe(by);
        },
      ),
    );
  });

  it('brings any row into sight from anywhere, and moves nothing for one that is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(short, folded),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (roll, from, to) => {
          const row = Math.floor(to * (roll.rows - 1));
          const standing = scrolledTo(roll, START, Math.round(from * most(roll)));
          const after = bringIn(roll, standing, row, 0);
          expect(top(after)).toBeLessThanOrEqual(row * roll.pitch);
          expect(top(after) + roll.frame).toBeGreaterThanOrEqual((row + 1) * roll.pitch);
          expect(after.scrollTop).toBeGreaterThanOrEqual(0);
          expect(after.scrollTop).toBeLessThanOrEqual(most(roll));
          expect(bringIn(roll, after, row, 0)).toBe(after);
        },
      ),
    );
  });
});
