import type { ModalLabels } from './votes.ts';

export interface ModalCie {
  /** [example] 1 where the modal labels differ. */
  readonly isCie: Uint8Array;
  /** Ascending example indices. */
  readonly indices: Uint32Array;
  /** Of the CIEs, those whose status depends on how ties are broken; ascending. */
  readonly tiedIndices: Uint32Array;
  /** All examples, CIE or not, whose status depends on how ties are broken; ascending. */
  readonly tieDependentIndices: Uint32Array;
}

/** What `modalCie` needs of a population. */
export interface Voted extends ModalLabels {
  readonly votes: Uint16Array; // [example, class]
}

/**
 * Modal CIE (Hooker et al. 2020): the examples on which the modal labels of two populations differ. The status of an example
 * depends on ties where at least one population is tied and the populations have a class with the most votes in common:
 * then one way of breaking ties makes it a CIE and another does not.
 */
export function modalCie(baseline: Voted, compressed: Voted, classes: number): ModalCie {
  const examples = baseline.modal.length;
  const isCie = new Uint8Array(examples);
  const indices: number[] = [];
  const tiedIndices: number[] = [];
  const tieDependentIndices: number[] = [];
  for (let x = 0; x < examples; x++) {
    const differs = baseline.modal[x] !== compressed.modal[x];
    if (differs) {
      isCie[x] = 1;
      indices.push(x);
    }
    if ((baseline.tied[x] === 1 || compressed.tied[x] === 1) && shareLargest(baseline, compressed, x, classes)) {
      tieDependentIndices.push(x);
      if (differs) tiedIndices.push(x);
    }
  }
  return {
    isCie,
    indices: Uint32Array.from(indices),
    tiedIndices: Uint32Array.from(tiedIndices),
    tieDependentIndices: Uint32Array.from(tieDependentIndices),
  };
}

function shareLargest(baseline: Voted, compressed: Voted, x: number, classes: number): boolean {
  const row = x * classes;
  const mostBaseline = baseline.votes[row + baseline.modal[x]!];
  const mostCompressed = compressed.votes[row + compressed.modal[x]!];
  for (let c = 0; c < classes; c++) {
    if (baseline.votes[row + c] === mostBaseline && compressed.votes[row + c] === mostCompressed) return true;
  }
  return false;
}
