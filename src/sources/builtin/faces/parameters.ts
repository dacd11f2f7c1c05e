import { stream, type RandomStream } from '#lib/random.ts';
import { hex, mix, ramp, WHITE, type Colour } from './colour.ts';
import type { Placement } from './path.ts';
import { drawTraits, type SkinTone, type Traits } from './traits.ts';

export type HairStyle =
  'crop' | 'parted' | 'receding' | 'curly' | 'bald' | 'long' | 'bob' | 'bun' | 'curly-bob' | 'curly-long';

/** Everything that decides how a face looks. Lengths are units of a 64 x 64 picture. */
export interface FaceParameters {
  readonly traits: Traits;
  readonly style: HairStyle;
  readonly skin: Colour;
  readonly hair: Colour;
  readonly iris: Colour;
  readonly cloth: Colour;
  readonly hatColour: Colour;
  readonly brimmed: boolean;
  readonly background: Colour;
  /** Shapes behind the face, in the order they are painted; empty for a plain wall. */
  readonly clutter: readonly Clutter[];
  /** Where the two shades of a plain wall meet: heights at the left and right edge. */
  readonly wallEdge: readonly [number, number];
  readonly placement: Placement;
  /** How far the features are turned sideways, -2.5 ... 2.5. */
  readonly turn: number;
  readonly headWidth: number; // from the middle to the side
  readonly jaw: number; // 0 pointed ... 1 square
  readonly chin: number; // y
  readonly light: Light;
  /** Standard deviation of the blur at the models' size. */
  readonly blur: number;
  /** Standard deviation of the sensor noise at the models' size, of 255. */
  readonly noise: number;
  /** Thirty-two numbers in [0,1) for freckles, curls and the like. */
  readonly details: readonly number[];
}

export interface Clutter {
  readonly kind: 'disc' | 'stripe';
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly colour: Colour;
}

export interface Light {
  /** Brightness of the whole, 1 is as painted. */
  readonly gain: readonly [number, number, number];
  /** Change of brightness from the middle to the edge along x and y, about -0.25 ... 0.25. */
  readonly slopeX: number;
  readonly slopeY: number;
  /** Where the shadow side of the face is: -1 left, 1 right. */
  readonly shadowSide: -1 | 1;
  readonly shadow: number; // [0,1]
}

const SKIN: Readonly<Record<SkinTone, readonly Colour[]>> = {
  light: ['#f6dcc9', '#f2d2bc', '#ecc4a4'].map(hex),
  medium: ['#dfae88', '#d29c74', '#bd8259'].map(hex),
  dark: ['#a06a44', '#83532f', '#64402a', '#523423'].map(hex),
};
const WALLS = [
  '#c6d0d4',
  '#d6cec1',
  '#b9c4b5',
  '#c8bdcb',
  '#a8b6c1',
  '#ded5c6',
  '#8d9ca6',
  '#72817f',
  '#56626b',
  '#cdb9ad',
  '#d9c48f',
].map(hex);
const CLOTHS = [
  '#3c4a5a',
  '#7a3b3b',
  '#4f6152',
  '#8a7a5c',
  '#2d2f36',
  '#6a5a78',
  '#b5b0a6',
  '#5b7185',
  '#c9a24b',
  '#e4e0d6',
].map(hex);
const IRISES = ['#3b2a20', '#4a5f74', '#50603f', '#2a211d'].map(hex);
/** Hair from black over brown and dark blond to platinum; what is blond and what is light brown overlaps around 0.55. */
const HAIR: readonly (readonly [number, Colour])[] = [
  [0, hex('#16120f')],
  [0.22, hex('#3a271b')],
  [0.42, hex('#6b4a31')],
  [0.58, hex('#a17c4f')],
  [0.75, hex('#d3b06b')],
  [1, hex('#f1e2b4')],
];
const RED: readonly (readonly [number, Colour])[] = [
  [0, hex('#6e2f1a')],
  [1, hex('#c06a35')],
];
const GREY: readonly (readonly [number, Colour])[] = [
  [0, hex('#6f6d6a')],
  [1, hex('#e6e3dc')],
];

/** The parameters of the face with that index. The same seed and index always give the same face, at any size. */
export function faceParameters(seed: number, index: number): FaceParameters {
  const random = stream(seed, 'face', index);
  const traits = drawTraits(random);
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)]!;
  const between = (low: number, high: number): number => low + (high - low) * random.next();
  const background = pick(WALLS);
  return {
    traits,
    style: hairStyle(traits, pick),
    skin: mix(pick(SKIN[traits.skin]), pick(SKIN[traits.skin]), random.next()),
    hair: hairColour(traits, random),
    iris: pick(IRISES),
    cloth: pick(CLOTHS),
    hatColour: pick(CLOTHS),
    brimmed: random.next() < 0.4,
    background,
    clutter: traits.busy ? clutter(random, background) : [],
    wallEdge: [between(10, 70), between(10, 70)],
    placement: {
      tilt: random.normal() * 0.09,
      scale: between(0.86, 1.16),
      dx: random.normal() * 2.2,
      dy: random.normal() * 1.6 + 1,
    },
    turn: between(-2.5, 2.5),
    headWidth: (traits.male ? 14.6 : 13.4) + between(0, 1.2),
    jaw: (traits.male ? 0.74 : 0.52) + between(0, 0.14),
    chin: between(48, 49.8),
    light: light(random),
    blur: between(0.2, 0.75),
    noise: between(4, 14),
    details: Array.from({ length: 32 }, () => random.next()),
  };
}

function hairStyle(traits: Traits, pick: <T>(list: readonly T[]) => T): HairStyle {
  const { male, young, wavy } = traits;
  if (traits.bald) return 'bald';
  if (wavy) return male ? 'curly' : pick(['curly-bob', 'curly-long', 'curly-long']);
  if (male)
    return young
      ? pick(['crop', 'parted', 'crop', 'parted', 'long'])
      : pick(['receding', 'receding', 'crop', 'parted']);
  return young ? pick(['long', 'long', 'long', 'bob', 'bun']) : pick(['bob', 'bob', 'bun', 'crop', 'long']);
}

function hairColour(traits: Traits, random: RandomStream): Colour {
  const shade = random.normal();
  const warmth = random.normal() * 0.045;
  const tint = (colour: Colour): Colour => [colour[0] * (1 + warmth), colour[1], colour[2] * (1 - 1.6 * warmth)];
  if (traits.blond) {
    const blond = tint(ramp(HAIR, 0.69 + 0.12 * shade));
    return traits.young ? blond : mix(blond, hex('#e9e4d8'), 0.35 * random.next());
  }
  if (traits.grey) return tint(ramp(GREY, 0.55 + 0.28 * shade));
  const kind = random.next();
  if (kind < 0.05) return tint(ramp(RED, 0.5 + 0.3 * shade));
  const natural =
    kind < 0.66
      ? ramp(HAIR, 0.13 + 0.08 * shade)
      : kind < 0.9
        ? ramp(HAIR, 0.33 + 0.07 * shade)
        : ramp(HAIR, 0.52 + 0.07 * shade);
  return tint(traits.young ? natural : mix(natural, hex('#9a958d'), 0.3 * random.next()));
}

function clutter(random: RandomStream, wall: Colour): readonly Clutter[] {
  return Array.from({ length: 3 + random.int(5) }, () => ({
    kind: random.next() < 0.5 ? ('disc' as const) : ('stripe' as const),
    x: random.next() * 64,
    y: random.next() * 64,
    radius: 3 + 11 * random.next(),
    colour: mix(
      random.next() < 0.5 ? WALLS[random.int(WALLS.length)]! : CLOTHS[random.int(CLOTHS.length)]!,
      wall,
      0.25,
    ),
  }));
}

function light(random: RandomStream): Light {
  const brightness = Math.exp(random.normal() * 0.12 - 0.05);
  const cast = random.normal() * 0.045; // warm lamps, blue shade
  const tint = random.normal() * 0.015;
  return {
    gain: [brightness * (1 + cast), brightness * (1 + tint), brightness * (1 - cast)],
    slopeX: random.normal() * 0.08,
    slopeY: random.normal() * 0.07,
    shadowSide: random.next() < 0.5 ? -1 : 1,
    shadow: 0.14 + 0.22 * random.next(),
  };
}

/** A lighter shade for highlights. */
export const lighter = (colour: Colour, share: number): Colour => mix(colour, WHITE, share);
