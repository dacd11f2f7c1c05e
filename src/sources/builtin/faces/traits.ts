import type { RandomStream } from '#lib/random.ts';

export type SkinTone = 'light' | 'medium' | 'dark';

/** What is true of a face: the columns of the dataset. */
export interface Traits {
  readonly blond: boolean;
  readonly male: boolean;
  readonly young: boolean;
  readonly smiling: boolean;
  readonly wavy: boolean;
  readonly earrings: boolean;
  readonly fringe: boolean;
  readonly beard: boolean;
  readonly glasses: boolean;
  readonly hat: boolean;
  readonly grey: boolean;
  readonly bald: boolean;
  readonly freckles: boolean;
  readonly scarf: boolean;
  readonly skin: SkinTone;
  readonly busy: boolean;
}

/**
 * Joint shares of (blond, male, young) among the first 20,000 rows of CelebA; they sum to 1. Blond men are 0.94 %. What
 * else is drawn depends on these three with made-up but plausible shares.
 */
export const JOINT_SHARES: readonly {
  readonly share: number;
  readonly blond: boolean;
  readonly male: boolean;
  readonly young: boolean;
}[] = [
  { share: 0.046, blond: false, male: false, young: false },
  { share: 0.393, blond: false, male: false, young: true },
  { share: 0.148, blond: false, male: true, young: false },
  { share: 0.264, blond: false, male: true, young: true },
  { share: 0.0229, blond: true, male: false, young: false },
  { share: 0.1167, blond: true, male: false, young: true },
  { share: 0.0032, blond: true, male: true, young: false },
  { share: 0.0062, blond: true, male: true, young: true },
];

/** Draws what is true of one face. */
export function drawTraits(random: RandomStream): Traits {
  const { blond, male, young } = jointCell(random.next());
  const chance = (share: number): boolean => random.next() < share;
  const bald = chance(male ? (young ? 0.02 : blond ? 0.06 : 0.15) : 0.001);
  const grey = chance(young || blond ? 0 : male ? 0.28 : 0.22);
  const tone = random.next();
  const [light, medium] = blond ? [0.87, 0.11] : [0.5, 0.31];
  return {
    blond,
    male,
    young,
    bald,
    grey,
    skin: tone < light ? 'light' : tone < light + medium ? 'medium' : 'dark',
    smiling: chance(male ? 0.4 : 0.54),
    wavy: chance(male ? 0.15 : 0.42) && !bald,
    earrings: chance(male ? 0.02 : 0.31),
    fringe: chance(male ? 0.08 : 0.21) && !bald,
    beard: male && chance(young ? 0.28 : 0.34),
    glasses: chance(young ? (male ? 0.05 : 0.03) : 0.17),
    hat: chance(male ? 0.08 : 0.03),
    freckles: chance(blond ? 0.04 : 0.017) && tone < light,
    scarf: chance(0.012),
    busy: chance(0.35),
  };
}

function jointCell(draw: number): { blond: boolean; male: boolean; young: boolean } {
  let sum = 0;
  for (const cell of JOINT_SHARES) {
    sum += cell.share;
    if (draw < sum) return cell;
  }
  return JOINT_SHARES[1]!; // rounding of the sum only
}
