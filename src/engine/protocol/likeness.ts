import type { Embeddings } from '#audit/embeddings.ts';
import type { ImageGroups } from '#audit/image-groups.ts';
import type { Neighbours } from '#audit/neighbours.ts';

/** Which examples are to be grouped: the CIE of a level. */
export interface GroupsQuestion {
  readonly cies: Uint32Array; // audit examples, ascending
  /** [audit example] true label. */
  readonly labels: Uint16Array;
  readonly classes: number;
  readonly seed: number;
}

/** What the worker is asked that holds the embeddings of an audit: first `open`, then the others again and again. */
export interface LikenessMethods {
  /** The buffer is handed over. */
  readonly open: { readonly params: Embeddings; readonly result: null };
  readonly neighbours: {
    readonly params: { readonly example: number; readonly count: number };
    readonly result: Neighbours;
  };
  readonly groups: { readonly params: GroupsQuestion; readonly result: ImageGroups | null };
}

/** The embeddings of one audit, held by a worker of their own until they are closed. */
export interface Likeness {
  /** As nearestNeighbours. Rejects after `close`. */
  neighbours(example: number, count: number): Promise<Neighbours>;
  /** As imageGroups. */
  groups(question: GroupsQuestion): Promise<ImageGroups | null>;
  close(): void;
}

export interface LikenessDesks {
  open(embeddings: Embeddings): Promise<Likeness>;
}
