import type { Estimate } from './result.ts';

/** What a population costs and gives. null: not estimable, or not measured. */
export interface TradeOff {
  readonly name: string;
  /** The higher the better. */
  readonly accuracy: Estimate;
  /** The lower the better. */
  readonly bias: Estimate;
  /** Of one member as it would be stored; the lower the better. Taken as exact. */
  readonly bytes: number | null;
}

export type Criterion = 'accuracy' | 'bias' | 'size';

/** Another population is no worse in anything and better in something. */
export interface Domination {
  readonly by: string;
  /** Whether that is so wherever the two lie within their intervals; null where one has no interval. */
  readonly sure: boolean | null;
}

export interface Compared {
  /** What every population has, and is therefore compared by. */
  readonly criteria: readonly Criterion[];
  /** [population] null where it is not dominated. Of several that dominate it a sure one, else the first. */
  readonly dominations: readonly (Domination | null)[];
}

/**
 * Which populations are dominated in the sense of Pareto. Compared are the values; `sure` asks more: that the whole interval of
 * the one lies no worse than the whole interval of the other, in accuracy and in bias alike. Intervals on the same examples move
 * together, so this is on the safe side. With fewer than two criteria nobody is dominated.
 */
export function compareTradeOffs(populations: readonly TradeOff[]): Compared {
  const has: Readonly<Record<Criterion, (one: TradeOff) => boolean>> = {
    accuracy: ({ accuracy }) => accuracy.value !== null,
    bias: ({ bias }) => bias.value !== null,
    size: ({ bytes }) => bytes !== null,
  };
  const criteria = (['accuracy', 'bias', 'size'] as const).filter((one) => populations.every(has[one]));
  const dominations = populations.map((one): Domination | null => {
    if (criteria.length < 2) return null;
    const found = populations
      .filter((other) => other !== one && dominates(other, one, criteria))
      .map((other) => ({ by: other.name, sure: surely(other, one, criteria) }));
    return found.find(({ sure }) => sure === true) ?? found[0] ?? null;
  });
  return { criteria, dominations };
}

/** The higher the worse. */
function loss({ accuracy, bias, bytes }: TradeOff, criterion: Criterion): Estimate {
  switch (criterion) {
    case 'accuracy':
      return negative(accuracy);
    case 'bias':
      return bias;
    case 'size':
      return { value: bytes, low: bytes, high: bytes };
    default:
      return criterion satisfies never;
  }
}

function dominates(one: TradeOff, other: TradeOff, criteria: readonly Criterion[]): boolean {
  const gains = criteria.map((criterion) => loss(other, criterion).value! - loss(one, criterion).value!);
  return gains.every((gain) => gain >= 0) && gains.some((gain) => gain > 0);
}

function surely(one: TradeOff, other: TradeOff, criteria: readonly Criterion[]): boolean | null {
  const apart = criteria.map((criterion) => {
    const [worst, best] = [loss(one, criterion).high, loss(other, criterion).low];
    return worst === null || best === null ? null : worst <= best;
  });
  return apart.includes(false) ? false : apart.includes(null) ? null : true;
}

function negative({ value, low, high }: Estimate): Estimate {
  const turned = (end: number | null): number | null => (end === null ? null : -end);
  return { value: turned(value), low: turned(high), high: turned(low) };
}
