import { expect, test } from 'vitest';
import { categoricalColumn } from '#dataset/build.ts';
import { classNames } from './value-words.ts';

test('classes of a short yes/no column go by its name, others with a long one by yes and no', () => {
  const classes = ['no', 'yes'];
  const blond = categoricalColumn('Blond', classes);
  expect(classNames(blond, classes)).toEqual(['not', 'Blond']);
  expect(classNames(blond, classes, true)).toEqual(['not Blond', 'Blond']);
  const long = categoricalColumn('arrested again', classes);
  const coded = ['0', '1'];
  expect(classNames(categoricalColumn('two_year_recid', coded), coded)).toEqual(classes);
  expect(classNames(long, classes)).toEqual(classes);
  expect(classNames(long, classes, true)).toEqual(['not arrested again', 'arrested again']);
  expect(classNames(categoricalColumn('Digit', ['3', '5', '8']), ['3', '5', '8'])).toEqual(['3', '5', '8']);
  expect(classNames(undefined, classes)).toEqual(classes);
});
