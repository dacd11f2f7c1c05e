import type { RandomStream } from '#lib/random.ts';
import type { AuditOptions } from './result.ts';
import type { Population } from './predictions.ts';

export type TieRule = AuditOptions['tieRule'];

/** One member's predictions, [example] index into the classes. */
export type MemberPredictions = Uint8Array | Uint16Array;

/** The members of a population as views on its matrix; [member][example], nothing is copied. */
export function memberViews(population: Population, examples: number): readonly MemberPredictions[] {
  return population.members.map((_, member) =>
    population.predictions.subarray(member * examples, (member + 1) * examples),
  );
}

/**
 * Vote counts: how many members give each example each class. Returns [example, class]; all zero without members. The order
 * of the members does not matter.
 */
export function countVotes(members: readonly MemberPredictions[], examples: number, classes: number): Uint16Array {
  const votes = new Uint16Array(examples * classes);
  for (const predictions of members) {
    for (let x = 0; x < examples; x++) votes[x * classes + predictions[x]!]!++;
  }
  return votes;
}

export interface ModalLabels {
  /** [example] the class with the most votes, by the tie rule. */
  readonly modal: Uint16Array;
  /** [example] 1 where the largest vote is shared by several classes. */
  readonly tied: Uint8Array;
}

/**
 * Modal label of every example. A tie goes to the largest class index (as in the reference code of Hooker et al. 2020), or
 * with `seeded-random` to one of the tied classes drawn from `random`.
 */
export function modalLabels(votes: Uint16Array, classes: number, rule: TieRule, random: RandomStream): ModalLabels {
  const examples = classes === 0 ? 0 : votes.length / classes;
  const modal = new Uint16Array(examples);
  const tied = new Uint8Array(examples);
  for (let x = 0; x < examples; x++) {
    const row = x * classes;
    let best = 0;
    let sharing = 1;
    for (let c = 1; c < classes; c++) {
      const difference = votes[row + c]! - votes[row + best]!;
      if (difference > 0) sharing = 1;
      else if (difference === 0) sharing++;
      if (difference >= 0) best = c;
    }
    if (sharing > 1) {
      tied[x] = 1;
      if (rule === 'seeded-random') best = nthWithVotes(votes, row, classes, votes[row + best]!, random.int(sharing));
    }
    modal[x] = best;
  }
  return { modal, tied };
}

function nthWithVotes(votes: Uint16Array, row: number, classes: number, count: number, nth: number): number {
  let left = nth;
  for (let c = 0; c < classes; c++) if (votes[row + c] === count && left-- === 0) return c;
  throw new Error('no class has that many votes');
}
