import { imageGroups } from '#audit/image-groups.ts';
import { nearestNeighbours } from '#audit/neighbours.ts';
import type { LikenessDesks } from '#engine/protocol/likeness.ts';

/** The work of the likeness worker on this thread: jsdom has no workers. */
export const likenessHere: LikenessDesks = {
  open: (embeddings) =>
    Promise.resolve({
      neighbours: (example, count) => Promise.resolve(nearestNeighbours(embeddings, example, count)),
      groups: ({ cies, labels: codes, classes, seed }) =>
        Promise.resolve(imageGroups(embeddings, cies, { codes, classes }, seed)),
      close: () => undefined,
    }),
};
