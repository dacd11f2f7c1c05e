import { describe, expect, it } from 'vitest';
import { stream } from '#lib/random.ts';
import { percentileCount, rankByScore, topPercentile } from './ranking.ts';
import { countVotes, modalLabels } from './votes.ts';

describe('votes', () => {
  const members = [Uint8Array.of(0, 1, 2), Uint8Array.of(0, 2, 1), Uint16Array.of(2, 1, 0)];

  it('are counted by example and class', () => {
    expect([...countVotes(members, 3, 3)]).toEqual([2, 0, 1, 0, 2, 1, 1, 1, 1]);
  });

  it('give the class with the most, a tie going to the largest', () => {
    const { modal, tied } = modalLabels(countVotes(members, 3, 3), 3, 'largest-class', stream(1));
    expect([...modal]).toEqual([0, 1, 2]);
    expect([...tied]).toEqual([0, 0, 1]);
  });

  it('forget a tie that a later class beats', () => {
    expect([...modalLabels(Uint16Array.of(1, 1, 2), 3, 'largest-class', stream(1)).tied]).toEqual([0]);
  });

  it('break ties evenly among the tied classes alone when asked to draw', () => {
    const votes = Uint16Array.from(Array.from({ length: 3000 }, () => [2, 1, 2, 2]).flat());
    const { modal } = modalLabels(votes, 4, 'seeded-random', stream(3));
    const counts = [0, 1, 2, 3].map((c) => modal.filter((label) => label === c).length);
    expect(counts[1]).toBe(0);
    for (const c of [0, 2, 3]) expect(Math.abs(counts[c]! - 1000)).toBeLessThan(130); // five standard deviations
    expect(modalLabels(votes, 4, 'seeded-random', stream(3)).modal).toEqual(modal);
  });
});

describe('a ranking', () => {
  it('goes from the largest score down', () => {
    expect([...rankByScore(Float64Array.of(0.5, 2, 0, 1), 2, stream(1))]).toEqual([1, 3, 0, 2]);
  });

  it('puts equal scores in an order drawn by the seed', () => {
    const scores = new Float64Array(50);
    const first = rankByScore(scores, 1, stream(1));
    expect(rankByScore(scores, 1, stream(1))).toEqual(first);
    expect(rankByScore(scores, 1, stream(2))).not.toEqual(first);
    expect([...first].sort((a, b) => a - b)).toEqual([...scores.keys()]);
  });

  it('cuts percentiles at round(N (100-p) / 100), halves upwards', () => {
    expect([90, 95, 99, 100, 0].map((p) => percentileCount(2000, p))).toEqual([200, 100, 20, 0, 2000]);
    expect(percentileCount(50, 95)).toBe(3); // 2.5
    expect(percentileCount(6, 90)).toBe(1); // 0.6
    expect([...topPercentile(Uint32Array.of(4, 2, 3, 1), 50)]).toEqual([4, 2]);
  });
});
