import { describe, expect, it } from 'vitest';
import { agreementByGroup, unrest } from '#audit/agreement.ts';

const size = (n: number) => ({ n, positives: 0, negatives: n });

describe('agreement', () => {
  it('counts pairs of members by hand', () => {
    // four members: 4:0, 3:1, 2:2, and three classes 2:1:1
    const { jitter, stability } = unrest(Uint16Array.of(4, 0, 0, 3, 1, 0, 2, 2, 0, 2, 1, 1), 3, 4);
    expect([...jitter]).toEqual([0, 1 - 6 / 12, 1 - 4 / 12, 1 - 2 / 12]);
    expect([...stability]).toEqual([1, 0.5, 0, 0]);
  });

  it('sums by group, with the examples that only one population has wrong', () => {
    const votes = Uint16Array.of(2, 0, 1, 1, 0, 2);
    const rows = agreementByGroup(
      {
        labels: Uint16Array.of(0, 0, 0),
        baseline: { members: 2, modal: Uint16Array.of(0, 1, 1), unrest: unrest(votes, 2, 2) },
        compressed: { members: 1, modal: Uint16Array.of(1, 0, 1), unrest: unrest(votes, 2, 1) },
      },
      Int32Array.of(0, 0, -1),
      [size(2), size(0)],
    );
    expect(rows[0]).toMatchObject({
      jitter: { baseline: 0.5, compressed: null },
      stability: { baseline: 0.5, compressed: null },
      onlyBaselineWrong: 1,
      onlyCompressedWrong: 1,
    });
    expect(rows[0]?.mcNemar?.p).toBe(1);
    expect(rows[1]).toMatchObject({ jitter: { baseline: null, compressed: null }, mcNemar: null });
  });

  it('gives an empty list without votes', () => {
    expect(unrest(new Uint16Array(), 0, 3).jitter).toHaveLength(0);
  });
});
