import { stream } from '#lib/random.ts';
import type { Embeddings } from './embeddings.ts';
import { wilson } from './intervals.ts';
import { kMeans, nearestCentre, silhouette, type Grouping } from './k-means.ts';
import { ratioOverExamples } from './over-indexing.ts';
import type { Estimate } from './result.ts';

/** CIE that a member finds alike. */
export interface ImageGroup {
  /** The CIE of the group, those nearest to its centre first. */
  readonly cies: Uint32Array;
  /** Share of all CIE, in [0,1], with Wilson's interval. */
  readonly cieShare: Estimate;
  /** All audit examples that lie nearer to this centre than to another: the region of the group. */
  readonly region: number;
  /** Share of all audit examples, in [0,1]. */
  readonly share: number;
  /** cieShare / share, with its interval over examples; the group is taken as given. */
  readonly ratio: Estimate;
  /** [class] CIE of the group by true label. */
  readonly trueLabels: Uint32Array;
}

export interface ImageGroups {
  /** Largest over-indexing first. */
  readonly groups: readonly ImageGroup[];
  /** How clearly the groups lie apart: mean simplified silhouette, in [-1,1]. */
  readonly silhouette: number;
}

/** Fewer CIE are looked at one by one. */
export const LEAST_CIES = 20;
const LEAST_OF_GROUP = 5;
const MOST_GROUPS = 8;
const STARTS = 4;
/** k is chosen on so many CIE at most, evenly spaced in their order. */
const MOST_TRIED = 3000;

/**
 * The CIE in groups by k-means on their embeddings. k is the number from 2 to 8, and at most one for 5 CIE, with the largest mean simplified
 * silhouette, the smaller on a tie; for each k the best of 4 seeded starts counts. null with fewer than 20 CIE. The same seed
 * gives the same groups.
 */
export function imageGroups(
  embeddings: Embeddings,
  cies: Uint32Array,
  labels: { readonly codes: Uint16Array; readonly classes: number },
  seed: number,
): ImageGroups | null {
  if (cies.length < LEAST_CIES) return null;
  const step = Math.max(1, Math.ceil(cies.length / MOST_TRIED));
  const tried = cies.filter((_, i) => i % step === 0);
  const most = Math.min(MOST_GROUPS, Math.floor(tried.length / LEAST_OF_GROUP));
  let best: { readonly grouping: Grouping; readonly silhouette: number } | null = null;
  for (let k = 2; k <= most; k++) {
    const grouping = bestOfStarts(embeddings, tried, k, seed);
    const fit = silhouette(embeddings, tried, grouping);
    if (best === null || fit > best.silhouette) best = { grouping, silhouette: fit };
  }
  if (best === null) return null;
  const { centres } = best.grouping;
  const groups = regions(embeddings, centres, cies, labels);
  return { groups, silhouette: best.silhouette };
}

function bestOfStarts(embeddings: Embeddings, cies: Uint32Array, k: number, seed: number): Grouping {
  const starts = Array.from({ length: STARTS }, (_, start) =>
    kMeans(embeddings, cies, k, stream(seed, 'image groups', k, start)),
  );
  return starts.reduce((best, other) => (other.inertia < best.inertia ? other : best));
}

function regions(
  { width, values }: Embeddings,
  centres: Float64Array,
  cies: Uint32Array,
  { codes, classes }: { readonly codes: Uint16Array; readonly classes: number },
): readonly ImageGroup[] {
  const k = centres.length / width;
  const examples = values.length / width;
  const sizes = new Uint32Array(k);
  for (let x = 0; x < examples; x++) sizes[nearestCentre(centres, values, x * width, width).group]!++;
  const own = Array.from({ length: k }, (): { readonly example: number; readonly square: number }[] => []);
  for (const example of cies) {
    const { group, square } = nearestCentre(centres, values, example * width, width);
    own[group]!.push({ example, square });
  }
  return own
    .map((members, group): ImageGroup => {
      members.sort((a, b) => a.square - b.square || a.example - b.example);
      const trueLabels = new Uint32Array(classes);
      for (const { example } of members) trueLabels[codes[example]!]!++;
      const size = sizes[group]!;
      return {
        cies: Uint32Array.from(members, ({ example }) => example),
        cieShare: wilson(members.length, cies.length),
        region: size,
        share: size / examples,
        ratio: ratioOverExamples({ cieCount: members.length, size, cies: cies.length, examples }),
        trueLabels,
      };
    })
    .filter((group) => group.cies.length > 0)
    .sort((a, b) => (b.ratio.value ?? 0) - (a.ratio.value ?? 0));
}
