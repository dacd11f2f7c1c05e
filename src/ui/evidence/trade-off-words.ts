import type { Compared, Domination, TradeOff } from '#audit/trade-offs.ts';
import { list, upperFirst } from '#ui/kit/format.ts';
import { levelText, levelTitle } from '#ui/kit/levels.ts';

const CRITERIA = { accuracy: 'accuracy', bias: 'equality', size: 'size' } as const;

const named = (name: string): string => (name === 'baseline' ? 'the baseline' : levelText(name));

/** The claim of the map: which levels another beats in everything, and whether for sure. */
export function tradeOffClaim(points: readonly TradeOff[], { criteria, dominations }: Compared): string {
  if (criteria.length < 2) return 'There is too little to weigh levels against each other here.';
  const by = list(criteria.map((one) => CRITERIA[one]));
  const beaten = points.filter((_, i) => dominations[i] !== null).map(({ name }) => named(name));
  const sure = points.filter((_, i) => dominations[i]?.sure === true).map(({ name }) => named(name));
  if (beaten.length === 0)
    return `Weighing ${by}, no level is beaten by another in everything: each gives something for what it costs.`;
  const certain =
    sure.length === beaten.length
      ? 'also within uncertainty'
      : sure.length === 0
        ? 'though not beyond uncertainty'
        : `beyond uncertainty ${list(sure)}`;
  return `Weighing ${by}, ${list(beaten)} ${beaten.length === 1 ? 'is' : 'are'} beaten by another level in everything, ${certain}.`;
}

/** "Level 0.95 is dominated by 0.9, which is no worse in anything; within the intervals that may be otherwise." */
export function dominatedText(name: string, { by, sure }: Domination): string {
  const start = `${upperFirst(name === 'baseline' ? named(name) : levelTitle(name))} is dominated by ${named(by)}, which is no worse in anything`;
  if (sure === null) return `${start}; without intervals there is no telling whether that is chance.`;
  return `${start}; ${sure ? 'that holds wherever the two lie within their intervals' : 'within their intervals it may be otherwise'}.`;
}
