import type { BuiltinId } from '#sources/source.ts';

/** The built-in data, as a person chooses them. */
export const BUILTINS: readonly {
  readonly id: BuiltinId;
  readonly name: string;
  readonly text: string;
  readonly action: string;
}[] = [
  {
    id: 'faces',
    name: 'Faces',
    text: '20,000 faces, drawn by a seeded generator and not photographed. Who is blond, and for whom does that get lost?',
    action: 'Draw the faces',
  },
  {
    id: 'handwriting',
    name: 'Handwriting',
    text: 'Real handwritten digits of QMNIST, with who wrote them: students or employees.',
    action: 'Open the digits',
  },
  {
    id: 'compas',
    name: 'COMPAS',
    text: 'Court records of Broward County as ProPublica published them, a table without names: who was arrested again within two years?',
    action: 'Open the records',
  },
];

export const FILES_TEXT =
  'A zip or a folder of images with a CSV that names them, or a CSV table of values. Nothing is sent anywhere: they are read here.';
