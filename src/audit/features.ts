import type { AuditExamples } from './predictions.ts';

/**
 * The attributes of every example as short lists. Of each attribute the most frequent value (or "missing") is usual; every other
 * value that occurs is a feature, and so is "missing" where it is not usual. Sums over a usual value are the whole less the
 * features of its attribute: an example then counts for its few features only, not for every attribute.
 */
export interface Features {
  readonly count: number;
  /** [attribute][value, then missing] its feature; -1 for the usual one and for what does not occur. */
  readonly featureOf: readonly Int32Array[];
  /** [attribute] its features. */
  readonly own: readonly (readonly number[])[];
  /** [attribute][value] examples that have it. */
  readonly sizes: readonly Uint32Array[];
  /** [example + 1] where its features begin in `list`, ascending. */
  readonly starts: Uint32Array;
  readonly list: Uint16Array | Uint32Array;
}

export function featuresOf({ attributes, labels }: Pick<AuditExamples, 'attributes' | 'labels'>): Features {
  const examples = labels.length;
  let count = 0;
  const featureOf: Int32Array[] = [];
  const own: number[][] = [];
  const sizes: Uint32Array[] = [];
  const starts = new Uint32Array(examples + 1);
  for (const { values, codes } of attributes) {
    const missing = values.length;
    const found = new Uint32Array(missing + 1);
    for (let x = 0; x < examples; x++) found[codes[x]! < 0 ? missing : codes[x]!]!++;
    const usual = found.indexOf(Math.max(...found));
    const features = Int32Array.from(found, (size, code) => (code === usual || size === 0 ? -1 : count++));
    for (let x = 0; x < examples; x++) if (features[codes[x]! < 0 ? missing : codes[x]!]! >= 0) starts[x + 1]!++;
    featureOf.push(features);
    own.push([...features].filter((feature) => feature >= 0));
    sizes.push(found.slice(0, missing));
  }
  for (let x = 0; x < examples; x++) starts[x + 1]! += starts[x]!;
  const length = starts[examples]!;
  const list = count < 0x10000 ? new Uint16Array(length) : new Uint32Array(length);
  const next = starts.slice(0, examples);
  for (const [a, { values, codes }] of attributes.entries()) {
    const features = featureOf[a]!;
    const missing = values.length;
    for (let x = 0; x < examples; x++) {
      const feature = features[codes[x]! < 0 ? missing : codes[x]!]!;
      if (feature >= 0) list[next[x]!++] = feature;
    }
  }
  return { count, featureOf, own, sizes, starts, list };
}
