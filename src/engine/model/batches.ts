import { permutation, stream } from '#lib/random.ts';

/** Where a batch order stands: plain data for a checkpoint. */
export interface BatchOrderState {
  /** The random stream before the running epoch was shuffled. */
  readonly stream: readonly number[];
  /** Examples of the running epoch that were handed out. */
  readonly position: number;
}

/** The batches of one member, without end. */
export interface BatchOrder {
  /** Example indices of the next batch, [batchSize]; no example occurs twice in a batch. */
  readonly next: () => Int32Array;
  /** Where the order stands. */
  readonly save: () => BatchOrderState;
  /** Puts back a state that `save` returned for the same seed, member, examples and batch size. */
  readonly restore: (state: BatchOrderState) => void;
}

/**
 * The order in which a member sees the training examples: reshuffled each epoch from `stream(seed, 'batches', member)`.
 * Every batch has exactly `batchSize` examples; what is left at the end of an epoch is dropped (another part each time).
 * Depends on nothing else, so that every level shows a member the same batches. Throws where a batch is larger than the data.
 */
export function batchOrder(seed: number, member: number, trainIndices: Uint32Array, batchSize: number): BatchOrder {
  const examples = trainIndices.length;
  if (!Number.isInteger(batchSize) || batchSize < 1)
    throw new RangeError(`The batch size must be a whole number from 1, not ${String(batchSize)}.`);
  if (batchSize > examples)
    throw new RangeError(`A batch of ${String(batchSize)} is larger than the ${String(examples)} training examples.`);
  const random = stream(seed, 'batches', member);
  let epochStart = random.save();
  let order = permutation(examples, random);
  let position = 0;

  const shuffle = (): void => {
    epochStart = random.save();
    order = permutation(examples, random);
    position = 0;
  };
  return {
    next: () => {
      if (position + batchSize > examples) shuffle();
      const batch = new Int32Array(batchSize);
      for (let i = 0; i < batchSize; i++) batch[i] = trainIndices[order[position + i]!]!;
      position += batchSize;
      return batch;
    },
    save: () => ({ stream: epochStart, position }),
    restore: (state) => {
      random.restore(state.stream);
      shuffle();
      position = state.position;
    },
  };
}
