import { expect, it } from 'vitest';
import { nearestNeighbours } from '#audit/neighbours.ts';
import { stream } from '#lib/random.ts';
import { createLikenessDesks } from './likeness.ts';

it('answers about the embeddings that it holds until it is closed', async () => {
  const random = stream(1, 'embeddings');
  const embeddings = { width: 4, values: Float32Array.from({ length: 4 * 500 }, () => random.normal()) };
  const wanted = nearestNeighbours(embeddings, 7, 8);
  const likeness = await createLikenessDesks().open(embeddings);
  expect(embeddings.values).toHaveLength(0); // handed over, not copied
  expect(await likeness.neighbours(7, 8)).toEqual(wanted);
  const cies = Uint32Array.from({ length: 60 }, (_, i) => 3 * i);
  const question = { cies, labels: new Uint16Array(500), classes: 2, seed: 1 };
  const found = await likeness.groups(question);
  expect(found?.groups.reduce((sum, group) => sum + group.cies.length, 0)).toBe(60);
  expect(await likeness.groups({ ...question, cies: cies.slice(0, 3) })).toBeNull();
  likeness.close();
  await expect(likeness.neighbours(7, 8)).rejects.toThrow('closed');
});
