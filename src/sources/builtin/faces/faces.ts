import { categoricalColumn } from '#dataset/build.ts';
import { SPLIT_AUDIT, SPLIT_TRAIN, type Column, type Dataset } from '#dataset/dataset.ts';
import { permutation, stream } from '#lib/random.ts';
import { MODEL_SIZE, photographFace } from './camera.ts';
import { faceParameters } from './parameters.ts';
import type { Traits } from './traits.ts';

export const FACES_COUNT = 20_000;
export const FACES_SEED = 1;
const TRAIN_SHARE = 0.6;

type YesNo = { [K in keyof Traits]: Traits[K] extends boolean ? K : never }[keyof Traits];

/** Column names, in the order they are listed. */
const YES_NO: readonly (readonly [string, YesNo])[] = [
  ['Blond', 'blond'],
  ['Male', 'male'],
  ['Young', 'young'],
  ['Smiling', 'smiling'],
  ['Glasses', 'glasses'],
  ['Hat', 'hat'],
  ['Beard', 'beard'],
  ['Wavy hair', 'wavy'],
  ['Fringe', 'fringe'],
  ['Grey hair', 'grey'],
  ['Bald', 'bald'],
  ['Earrings', 'earrings'],
  ['Freckles', 'freckles'],
  ['Scarf', 'scarf'],
];

export interface FacesOptions {
  readonly seed: number;
  readonly count: number;
}

/** A dataset whose content hash is still to be taken. */
export type UnhashedDataset = Omit<Dataset, 'hash'>;

/**
 * Draws the faces one by one and yields after each how many are done; the caller decides when to rest or to stop. Returns
 * `count` pictures of 32 x 32 RGB: face i is that of faceParameters(seed, i), 60 % of them at random are trained on and
 * 40 % audited. Question: Blond, compared by Male and Young.
 */
export function* drawFaces({ seed, count }: FacesOptions): Generator<number, UnhashedDataset> {
  const bytes = MODEL_SIZE * MODEL_SIZE * 3;
  const pixels = new Uint8Array(count * bytes);
  const traits: Traits[] = [];
  for (let i = 0; i < count; i++) {
    const face = faceParameters(seed, i);
    photographFace(face, seed, i, pixels, i * bytes);
    traits.push(face.traits);
    yield i + 1;
  }
  const digits = String(Math.max(count - 1, 0)).length;
  return {
    name: 'Drawn faces',
    noun: ['face', 'faces'],
    origin: { kind: 'faces', seed, count },
    ids: traits.map((_, i) => `face-${String(i).padStart(digits, '0')}`),
    features: { kind: 'images', width: MODEL_SIZE, height: MODEL_SIZE, channels: 3, pixels },
    columns: columnsOf(traits),
    split: facesSplit(seed, count),
    remarks: [
      'The faces are drawn, not photographed. Nobody is shown.',
      'How often blond, male and young come together is as in the first 20,000 pictures of CelebA; the other shares are made up.',
    ],
    question: { target: 'Blond', positive: 'yes', attributes: ['Male', 'Young'], minCount: 30 },
  };
}

function columnsOf(traits: readonly Traits[]): readonly Column[] {
  return [
    ...YES_NO.map(([name, trait]) =>
      categoricalColumn(
        name,
        traits.map((face) => (face[trait] ? 'yes' : 'no')),
      ),
    ),
    categoricalColumn(
      'Skin',
      traits.map((face) => face.skin),
    ),
    categoricalColumn(
      'Background',
      traits.map((face) => (face.busy ? 'busy' : 'plain')),
    ),
  ];
}

function facesSplit(seed: number, count: number): Uint8Array {
  const split = new Uint8Array(count).fill(SPLIT_AUDIT);
  const order = permutation(count, stream(seed, 'faces split'));
  for (const face of order.subarray(0, Math.round(count * TRAIN_SHARE))) split[face] = SPLIT_TRAIN;
  return split;
}
