import { typicalDistance, type Embeddings } from '#audit/embeddings.ts';
import { imageGroups } from '#audit/image-groups.ts';
import { nearestNeighbours } from '#audit/neighbours.ts';
import type { LikenessMethods } from '#engine/protocol/likeness.ts';
import { serve } from '#engine/protocol/rpc.ts';

/** The worker behind nearest neighbours and image groups: holds the embeddings of an audit, so that a question costs one message. */
serve<LikenessMethods, never>(self, () => {
  let held: { readonly embeddings: Embeddings; readonly typical: number } | null = null;
  const opened = (): NonNullable<typeof held> => {
    if (held === null) throw new Error('No embeddings are open.');
    return held;
  };
  return {
    open: (embeddings) => {
      held = { embeddings, typical: typicalDistance(embeddings) };
      return null;
    },
    neighbours: ({ example, count }) => nearestNeighbours(opened().embeddings, example, count, opened().typical),
    groups: ({ cies, labels: codes, classes, seed }) =>
      imageGroups(opened().embeddings, cies, { codes, classes }, seed),
  };
});
